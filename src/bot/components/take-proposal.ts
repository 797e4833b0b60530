import type { BotContext } from '../interactions/context.ts';
import type { Pressed } from '../interactions/handler.ts';
import { type Reply, say } from '../interactions/reply.ts';
import { olderVersion, tooOld, wordUsed } from '../pages/proposals.ts';
import { parseNumber } from './custom-id.ts';

export type Taken =
  /** Taken for this press only; the caller closes it with a note about the result. */
  | { readonly kind: 'taken'; readonly id: number; readonly proposal: string; readonly payload: unknown }
  /** The id is not ours, the proposal expired, or somebody pressed first. */
  | { readonly kind: 'refused'; readonly answer: Reply };

/** Takes the proposal a press refers to; only the first press gets it. */
export async function takeProposal(
  { proposals }: BotContext,
  { id: text, actor }: Pick<Pressed, 'id' | 'actor'>,
): Promise<Taken> {
  const id = parseNumber(text);
  if (id === undefined) return { kind: 'refused', answer: olderVersion };
  const taken = await proposals.take(id, actor);
  if (taken === undefined) return { kind: 'refused', answer: tooOld };
  if (taken.kind === 'used') return { kind: 'refused', answer: say(wordUsed(taken)) };
  return { ...taken, id };
}
