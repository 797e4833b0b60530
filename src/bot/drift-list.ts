import { z } from 'zod';
import type { Actor } from '../publisher/operations/operations.ts';
import type { AskContext } from './command.ts';

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

/** Undefined when it is older than a day. */
export async function findDriftList({ proposals }: AskContext, id: number): Promise<DriftList | undefined> {
  const found = await proposals.find(id);
  return found?.proposal === kind ? shape.parse(found.payload) : undefined;
}
