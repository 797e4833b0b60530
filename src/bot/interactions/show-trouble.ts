import { NotHeard, showAnswer } from './acknowledge.ts';
import type { BotContext } from './context.ts';
import { GivenUp } from './deadline.ts';
import { say } from './reply.ts';
import { type ReplyBody, toReplyBody } from './reply-body.ts';

interface Deferred {
  readonly id: string;
  readonly deferred: boolean;
  editReply(body: ReplyBody): Promise<{ readonly id: string }>;
}

/** Logs an error and tells the person who waits, unless the answer itself may already be shown. Never throws. */
export async function showTrouble(context: BotContext, interaction: Deferred, error: unknown): Promise<void> {
  const sentence = reportTrouble(context, interaction.id, error);
  if (!interaction.deferred || error instanceof NotHeard) return;
  await showAnswer(context, interaction, toReplyBody(say(sentence))).catch(() => undefined);
}

/** Logs an error; returns the sentence for the person who waits. */
export function reportTrouble({ logger }: BotContext, incident: string, error: unknown): string {
  if (error instanceof GivenUp) {
    logger.warn('an answer was given up', { incident, why: error.message });
    return error.message;
  }
  logger.error('an interaction failed', { incident, error });
  return `Something failed here (ref ${incident}). The log says more.`;
}
