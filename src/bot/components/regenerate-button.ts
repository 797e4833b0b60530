import type { Button } from '../../ports/chat.ts';
import { regenerateChangelog } from '../../publisher/operations/regenerate-entry.ts';
import type { BotContext } from '../interactions/context.ts';
import type { Handler } from '../interactions/handler.ts';
import { type Reply, say } from '../interactions/reply.ts';
import { commitLink } from '../messages/look.ts';
import { wordRefusal } from '../messages/refusals.ts';
import { renderChangelog } from '../pages/changelog.ts';
import { olderVersion } from '../pages/proposals.ts';
import { inert } from '../text/text.ts';
import { buildButton } from './button.ts';
import { parseNumber } from './custom-id.ts';

const action = 'regenerate';

/** Rewords the changelog entry of a published version in its repository; the published package does not change. */
export const regenerateButton: Handler = {
  action,
  access: 'operators',
  of: 'answer',
  acknowledge: 'update',
  press: async (context, { id, actor, signal }) => {
    const entry = parseNumber(id);
    if (entry === undefined) return olderVersion;
    return await regenerate(context, entry, actor, signal);
  },
};

/** The button below the changelog of a version; `entry` is the id of the stored entry. */
export function buildRegenerateButton(entry: number): Button {
  return buildButton(action, entry, 'Regenerate');
}

async function regenerate(
  { ask, links, clock, logger }: BotContext,
  entry: number,
  actor: string,
  signal: AbortSignal,
): Promise<Reply> {
  const done = await ask(regenerateChangelog, entry, actor, signal);
  logger.info('regenerate pressed', { entry, by: actor, result: done.kind });
  switch (done.kind) {
    case 'rewritten': {
      const commit = commitLink(links, done.repository, done.commit);
      const content = `✅ Worded anew in the repository (${commit}). The published tarball keeps its old words.`;
      return { ...renderChangelog(done.changelog, clock.now()), content };
    }
    case 'unchanged':
      return say('The same words came out: nothing was changed.');
    case 'edited':
      return say(
        'The entry does not stand in the repository as it was written: somebody changed it, or it has not arrived yet. It was left alone; edit it there.',
      );
    case 'not-written':
      return say(`⚠️ The repository was not changed: ${inert(done.detail, 600)}.`);
    default:
      return say(wordRefusal(done));
  }
}
