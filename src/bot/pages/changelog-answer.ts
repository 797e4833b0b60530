import { readChangelog } from '../../publisher/operations/read-changelog.ts';
import { buildRegenerateButton } from '../components/regenerate-button.ts';
import type { Asked, BotContext } from '../interactions/context.ts';
import { whyNotAllowed } from '../interactions/person.ts';
import type { Reply } from '../interactions/reply.ts';
import { refuse } from '../messages/refusals.ts';
import { renderChangelog } from './changelog.ts';

/**
 * Answers with a version's changelog; readChangelog says which version. Operators also get a button that
 * rewords it.
 */
export async function answerChangelog(
  context: BotContext,
  { person, signal }: Pick<Asked, 'person' | 'signal'>,
  name: string,
  version: string | null | undefined,
): Promise<Reply> {
  const answer = await context.ask(readChangelog, name, version ?? undefined, signal);
  if (answer.kind !== 'changelog') return refuse(answer);
  const reply = renderChangelog(answer, context.clock.now());
  const mayChange =
    answer.entry !== undefined && whyNotAllowed('operators', person, context.guild) === undefined;
  return mayChange ? { ...reply, buttons: [buildRegenerateButton(answer.entry)] } : reply;
}
