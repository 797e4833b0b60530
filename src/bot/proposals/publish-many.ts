import { z } from 'zod';
import type { PublishTarget } from '../../publisher/operations/operations.ts';
import type { AskContext, Asked } from '../command.ts';
import { attachText } from '../embeds/lists.ts';
import { commitLink } from '../embeds/look.ts';
import { wordRefusal } from '../embeds/refusals.ts';
import { wordStatus } from '../embeds/signs.ts';
import { defineProposal } from '../proposal.ts';
import { replyOf } from '../reply.ts';
import { code, takeLines } from '../text.ts';

const shape = z.object({
  groups: z.array(
    z.object({
      repository: z.string(),
      /** All that the repository could publish was chosen. */
      isWhole: z.boolean(),
      names: z.array(z.string()),
    }),
  ),
});

const shownMax = 1_900;

/** Publishes what was chosen from the list of unpublished packages, repository by repository. */
export const publishManyProposal = defineProposal(
  'publish-many',
  shape,
  async (context, { groups }, asked) => {
    const lines: string[] = [];
    for (const { repository, isWhole, names } of groups) {
      const targets: readonly PublishTarget[] = isWhole
        ? [{ kind: 'repository', slug: repository }]
        : names.map((name) => ({ kind: 'package', name }));
      for (const target of targets) lines.push(await requestOne(context, target, asked));
    }
    const shown = takeLines(lines, shownMax);
    const more = shown.left === 0 ? '' : `\n+ ${shown.left} more, attached`;
    const reply = replyOf({
      content: `${shown.text}${more}`,
      files: shown.left === 0 ? [] : [attachText('queued', lines)],
    });
    return { reply, note: `${lines.length} asked for` };
  },
);

async function requestOne(context: AskContext, target: PublishTarget, asked: Asked): Promise<string> {
  const what = code(target.kind === 'package' ? target.name : target.slug, 220);
  const request = { target, ref: undefined, allowLower: false, by: asked.actor };
  const answer = await context.operations.requestPublish(request);
  if (answer.kind !== 'queued') return `❌ ${what}: ${wordRefusal(answer)}`;
  const link = commitLink(context.links, answer.repository, answer.commit);
  const state = answer.duplicate
    ? `already job #${answer.job} (${wordStatus(answer.status)})`
    : `job #${answer.job}`;
  return `⏳ ${what}: ${state} · ${link}`;
}
