import { NotHeard, type ShowDeps, showAnswer } from './acknowledge.ts';
import { type AskDeps, reportTrouble } from './ask-deps.ts';
import { say } from './reply.ts';
import { type ReplyBody, toReplyBody } from './reply-body.ts';

interface Deferred {
  readonly id: string;
  readonly deferred: boolean;
  editReply(body: ReplyBody): Promise<{ readonly id: string }>;
}

/** Logs an error and tells the person who waits, unless the answer itself may already be shown. Never throws. */
export async function showTrouble(
  deps: ShowDeps & Pick<AskDeps, 'logger'>,
  interaction: Deferred,
  error: unknown,
): Promise<void> {
  const sentence = reportTrouble(deps, interaction.id, error);
  if (!interaction.deferred || error instanceof NotHeard) return;
  await showAnswer(deps, interaction, toReplyBody(say(sentence))).catch(() => undefined);
}
