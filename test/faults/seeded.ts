import { createHash } from 'node:crypto';

/** Returns a whole number from 0 to `below` - 1. */
export type Random = (below: number) => number;

/** mulberry32: the same seed gives the same sequence. */
export function buildRandom(from: number): Random {
  let state = from;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Returns a separate sequence for this subject, so that its faults do not depend on who came before. */
export function randomOf(seed: number, subject: string): Random {
  return buildRandom(createHash('sha256').update(`${seed} ${subject}`).digest().readInt32BE());
}
