import type { AwaitedVersion } from '../job/report.ts';

/** How the wait of a held version ended; `passed`: nothing was left to publish. */
export type HoldOutcome = 'published' | 'passed' | 'failed' | 'cancelled';

/** A version of a package that waits for other versions. */
export interface Hold {
  readonly id: number;
  readonly repository: string;
  readonly name: string;
  readonly version: string;
  /** Number of the job that judged the version last. */
  readonly job: number;
  /** Number of the job whose message reports the hold. */
  readonly toldIn: number;
  /** Epoch milliseconds. */
  readonly since: number;
  /** Versions that are not on the registry yet; empty when the held version is about to run. */
  readonly awaits: readonly AwaitedVersion[];
}

/** Holds that wait for each other, each for the next and the last for the first: none of them goes on by itself. */
export type Circle = readonly [Hold, ...(readonly Hold[])];

function keyOf({ name, version }: AwaitedVersion): string {
  return `${name}@${version}`;
}

/**
 * Finds all circles among the holds, each once, beginning with its oldest hold. Several repositories may hold the same
 * version: a hold that waits for it goes on as soon as one of them does. Pure.
 */
export function findCircles(holds: readonly Hold[]): readonly Circle[] {
  const stuck = Map.groupBy(listStuck(holds), keyOf);
  const seen: Walk['seen'] = new Map();
  return [...stuck.values()]
    .flat()
    .toSorted((a, b) => a.id - b.id)
    .flatMap((hold) => (seen.has(hold.id) ? [] : walkFrom({ stuck, seen }, hold)));
}

/** Lists the holds that cannot go on, whatever else is published: each waits for a version that only such holds bring. */
function listStuck(holds: readonly Hold[]): readonly Hold[] {
  const heldKeys = new Set(holds.map(keyOf));
  const waiting = new Map(
    holds.map((hold) => [hold, new Set(hold.awaits.map(keyOf).filter((key) => heldKeys.has(key)))]),
  );
  const dependents = Map.groupBy(
    holds.flatMap((hold) => [...(waiting.get(hold) ?? [])].map((key) => ({ key, hold }))),
    ({ key }) => key,
  );
  const free = holds.filter((hold) => waiting.get(hold)?.size === 0);
  for (let next = free.pop(); next !== undefined; next = free.pop()) {
    waiting.delete(next);
    const arrived = keyOf(next);
    for (const { hold } of dependents.get(arrived) ?? []) {
      const left = waiting.get(hold);
      if (left?.delete(arrived) === true && left.size === 0) free.push(hold);
    }
  }
  return [...waiting.keys()];
}

interface Walk {
  /** Holds by the version that they hold. */
  readonly stuck: ReadonlyMap<string, readonly Hold[]>;
  /** By the id of a hold; `open` while the holds that it waits for are being visited. */
  readonly seen: Map<number, 'open' | 'done'>;
}

interface Step {
  readonly hold: Hold;
  readonly pending: Hold[];
}

function walkFrom({ stuck, seen }: Walk, start: Hold): readonly Circle[] {
  const circles: Circle[] = [];
  // Iterative, because whoever writes manifests chooses the depth.
  const path: Step[] = [];
  const enter = (hold: Hold): void => {
    seen.set(hold.id, 'open');
    path.push({ hold, pending: hold.awaits.flatMap((awaited) => stuck.get(keyOf(awaited)) ?? []) });
  };
  enter(start);
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const next = top.pending.shift();
    if (next === undefined) {
      seen.set(top.hold.id, 'done');
      path.pop();
      continue;
    }
    const state = seen.get(next.id);
    if (state === undefined) enter(next);
    if (state === 'open') {
      const members = path.map((step) => step.hold);
      circles.push(closeCircle(members, next));
    }
  }
  return circles;
}

function closeCircle(path: readonly Hold[], first: Hold): Circle {
  const members = path.slice(path.indexOf(first));
  const oldest = members.reduce((least, hold) => (hold.id < least.id ? hold : least), first);
  const at = members.indexOf(oldest);
  return [oldest, ...members.slice(at + 1), ...members.slice(0, at)];
}

const shortestPauseMs = 10_000;
const longestPauseMs = 10 * 60_000;
/** The pause before the next look is the time already waited, divided by this. */
const patienceFactor = 8;

/**
 * Returns the milliseconds after which the next look at the registry is due: few for a version that was held just now,
 * many for one that waits long.
 */
export function pauseBetweenLooks(waitedMs: number): number {
  return Math.min(Math.max(waitedMs / patienceFactor, shortestPauseMs), longestPauseMs);
}
