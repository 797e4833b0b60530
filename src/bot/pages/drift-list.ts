import { z } from 'zod';
import type { Actor, DriftAnswer } from '../../publisher/operations/operations.ts';
import type { AskContext, PressAnswer } from '../interactions/command.ts';
import { say } from '../interactions/reply.ts';
import { wordRefusal } from '../messages/refusals.ts';
import { type DriftPlace, parsePage } from './drift-pages.ts';
import { olderVersion, tooOld } from './proposals.ts';

const kind = 'drift-list';
const shape = z.object({ repository: z.string().optional() });

/** Of which repository a list of unpublished packages is; all of them when undefined. */
export interface DriftList {
  readonly repository?: string | undefined;
}

/** Keeps what the buttons of a list need; its id. */
export async function keepDriftList({ proposals }: AskContext, by: Actor, list: DriftList): Promise<number> {
  return proposals.add(kind, by, list);
}

export type ListedDrift =
  | { readonly kind: 'listed'; readonly answer: DriftAnswer; readonly place: DriftPlace }
  /** It is not ours, too old, or cannot be listed. */
  | { readonly kind: 'refused'; readonly answer: PressAnswer };

/** What a button or menu of a list is about, as it is by now. */
export async function findDriftList(context: AskContext, id: string): Promise<ListedDrift> {
  const place = parsePage(id);
  if (place === undefined) return { kind: 'refused', answer: olderVersion };
  const found = await context.proposals.find(place.list);
  if (found?.proposal !== kind) return { kind: 'refused', answer: tooOld };
  const answer = await context.operations.listDrift(shape.parse(found.payload).repository);
  if (answer.kind !== 'drift') return { kind: 'refused', answer: { aside: say(wordRefusal(answer)) } };
  return { kind: 'listed', answer, place };
}
