import type { AskContext, Asked } from './command.ts';
import { renderChangelog } from './embeds/changelog.ts';
import { refuse } from './embeds/refusals.ts';
import type { Reply } from './reply.ts';

/** What a version says of itself, for whoever asks; see Operations.readChangelog for which version. */
export async function answerChangelog(
  { operations, clock }: AskContext,
  { signal }: Pick<Asked, 'person' | 'signal'>,
  name: string,
  version: string | null | undefined,
): Promise<Reply> {
  const answer = await operations.readChangelog(name, version ?? undefined, signal);
  return answer.kind === 'changelog' ? renderChangelog(answer, clock.now()) : refuse(answer);
}
