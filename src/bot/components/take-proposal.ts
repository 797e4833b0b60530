import type { AskContext, PressAnswer, Pressed } from '../interactions/command.ts';
import { say } from '../interactions/reply.ts';
import { olderVersion, tooOld, wordUsed } from '../pages/proposals.ts';
import { parseNumber } from './custom-id.ts';

export type Taken =
  /** Nobody else gets it; close it with what became of it. */
  | { readonly kind: 'taken'; readonly id: number; readonly proposal: string; readonly payload: unknown }
  /** It is not ours, too old, or somebody was first. */
  | { readonly kind: 'refused'; readonly answer: PressAnswer };

/** What a press is about, for the first one who presses. */
export async function takeProposal(
  { proposals }: AskContext,
  { id: text, actor }: Pick<Pressed, 'id' | 'actor'>,
): Promise<Taken> {
  const id = parseNumber(text);
  if (id === undefined) return { kind: 'refused', answer: olderVersion };
  const taken = await proposals.take(id, actor);
  if (taken === undefined) return { kind: 'refused', answer: tooOld };
  if (taken.kind === 'used') return { kind: 'refused', answer: { aside: say(wordUsed(taken)) } };
  return { ...taken, id };
}
