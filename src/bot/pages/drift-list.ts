import { z } from 'zod';
import type { Actor } from '../../domain/job/actor.ts';
import type { DriftAnswer } from '../../publisher/operations/list-drift.ts';
import { listDrift } from '../../publisher/operations/list-drift.ts';
import type { BotContext } from '../interactions/context.ts';
import { type Reply, say } from '../interactions/reply.ts';
import { wordRefusal } from '../messages/refusals.ts';
import { type DriftPlace, parsePage } from './drift-pages.ts';
import { olderVersion, tooOld } from './proposals.ts';

const kind = 'drift-list';
const shape = z.object({ repository: z.string().optional() });

/** The repository whose unpublished packages are listed; all of them when undefined. */
export interface DriftList {
  readonly repository?: string | undefined;
}

/** Stores what the list's buttons need; returns its id. */
export async function keepDriftList({ proposals }: BotContext, by: Actor, list: DriftList): Promise<number> {
  return proposals.add(kind, by, list);
}

export type ListedDrift =
  | { readonly kind: 'listed'; readonly answer: DriftAnswer; readonly place: DriftPlace }
  /** The id is not ours, the list expired, or it cannot be read. */
  | { readonly kind: 'refused'; readonly answer: Reply };

/** Returns the list that a button or menu refers to, with its current content. */
export async function findDriftList(context: BotContext, id: string): Promise<ListedDrift> {
  const place = parsePage(id);
  if (place === undefined) return { kind: 'refused', answer: olderVersion };
  const found = await context.proposals.find(place.list);
  if (found?.proposal !== kind) return { kind: 'refused', answer: tooOld };
  const answer = await context.ask(listDrift, shape.parse(found.payload).repository);
  if (answer.kind !== 'drift') return { kind: 'refused', answer: say(wordRefusal(answer)) };
  return { kind: 'listed', answer, place };
}
