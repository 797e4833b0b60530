import type { LogLine } from '../../sandbox/process.ts';
import { askSignal } from './memory-signal.ts';

/** What a process held right after a garbage collection. */
export interface MemorySample {
  readonly atMs: number;
  /** Memory of the main thread: its heap, and what the heap holds outside of itself. */
  readonly heapMb: number;
  /** Memory of the whole process, with its threads and what its allocator keeps. */
  readonly residentMb: number;
}

export interface Trend {
  /** The median of the second half. */
  readonly mb: number;
  /** Slope over the second half, by least squares. */
  readonly mbPerMinute: number;
  /** True when it rises by more than its fluctuations. */
  readonly grows: boolean;
}

/** Undefined when it was watched for too short a time to judge. */
export type Growth = { readonly heap: Trend; readonly resident: Trend } | undefined;

const fewestSamples = 8;
const shortestMs = 2 * 60_000;
/** A rise that means nothing: the larger of this many megabytes and this share of the level. */
const noise = { heap: { mb: 8, share: 0.1 }, resident: { mb: 40, share: 0.15 } };

/** Judges whether the memory of one process goes on growing after half of the time, in which it warms up. */
export function judgeGrowth(samples: readonly MemorySample[]): Growth {
  const half = samples.slice(Math.floor(samples.length / 2));
  const [first, last] = [half[0], half.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  if (half.length < fewestSamples || last.atMs - first.atMs < shortestMs) return undefined;
  const trendOf = (key: 'heapMb' | 'residentMb', { mb, share }: { mb: number; share: number }): Trend => {
    const level = medianOf(half.map((sample) => sample[key]));
    const perMs = slopeOf(half.map((sample) => [sample.atMs - first.atMs, sample[key]]));
    const rise = perMs * (last.atMs - first.atMs);
    return { mb: level, mbPerMinute: perMs * 60_000, grows: rise > Math.max(mb, share * level) };
  };
  return { heap: trendOf('heapMb', noise.heap), resident: trendOf('residentMb', noise.resident) };
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function slopeOf(points: readonly (readonly [number, number])[]): number {
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const over = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return over / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}

/** Words the trends in one line for a person. */
export function wordGrowth(growth: Growth): string {
  if (growth === undefined) return 'watched for too short a time to tell whether it grows';
  const { heap, resident } = growth;
  const word = (name: string, { mb, mbPerMinute, grows }: Trend): string =>
    `${name} ${mb.toFixed(0)} MB, ${mbPerMinute >= 0 ? '+' : ''}${mbPerMinute.toFixed(1)} MB a minute ` +
    `(${grows ? 'GROWS WITHOUT END' : 'levels off'})`;
  return `over the second half: ${word('heap', heap)}, ${word('resident', resident)}`;
}

export interface MemoryWatch {
  /** Environment with which the process must be started. */
  readonly env: Readonly<Record<string, string>>;
  /** Makes the process log its memory; a process that is dead or not up yet logs nothing. */
  ask(pid: number): void;
  /** Takes every line of the process's log. */
  see(line: LogLine): void;
  /** Returns the samples of the current process; another process starts anew. */
  samples(): readonly MemorySample[];
}

const megabyte = 1024 * 1024;

export function watchMemory(): MemoryWatch {
  let watched: unknown;
  let samples: MemorySample[] = [];
  return {
    env: { NODE_OPTIONS: `--expose-gc --import ${new URL('tell-memory.ts', import.meta.url).href}` },
    ask: (pid) => {
      try {
        process.kill(pid, askSignal);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
      }
    },
    see: ({ msg, pid, heapBytes, residentBytes }) => {
      if (msg !== 'memory') return;
      if (pid !== watched) samples = [];
      watched = pid;
      samples.push({
        atMs: performance.now(),
        heapMb: Number(heapBytes) / megabyte,
        residentMb: Number(residentBytes) / megabyte,
      });
    },
    samples: () => samples,
  };
}
