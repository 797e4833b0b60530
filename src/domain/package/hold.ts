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

/** Finds all circles among the holds, each once, beginning with its oldest hold. Pure. */
export function findCircles(holds: readonly Hold[]): readonly Circle[] {
  const walk: Walk = { byKey: new Map(holds.map((hold) => [keyOf(hold), hold])), seen: new Map() };
  return holds.flatMap((hold) => (walk.seen.has(keyOf(hold)) ? [] : walkFrom(walk, hold)));
}

interface Walk {
  readonly byKey: ReadonlyMap<string, Hold>;
  /** `open` while the versions that the hold waits for are being visited. */
  readonly seen: Map<string, 'open' | 'done'>;
}

interface Step {
  readonly hold: Hold;
  readonly pending: AwaitedVersion[];
}

function walkFrom({ byKey, seen }: Walk, start: Hold): readonly Circle[] {
  const circles: Circle[] = [];
  // Iterative, because whoever writes manifests chooses the depth.
  const path: Step[] = [];
  const enter = (hold: Hold): void => {
    seen.set(keyOf(hold), 'open');
    path.push({ hold, pending: [...hold.awaits] });
  };
  enter(start);
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const next = top.pending.shift();
    if (next === undefined) {
      seen.set(keyOf(top.hold), 'done');
      path.pop();
      continue;
    }
    const hold = byKey.get(keyOf(next));
    const state = seen.get(keyOf(next));
    if (hold !== undefined && state === undefined) enter(hold);
    if (hold !== undefined && state === 'open')
      circles.push(
        closeCircle(
          path.map((step) => step.hold),
          hold,
        ),
      );
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
