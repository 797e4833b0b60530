import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Fault } from '../../sandbox/fault-proxy.ts';
import { World, type WorldOptions } from '../../sandbox/world.ts';
import { type Canary, startCanary } from './canary.ts';
import { type Doors, openDoors } from './doors.ts';
import { residentMegabytes } from './storm-process.ts';

/** A studio whose git host is behind proxies that can fail; each repository is one cell of the test. */
export interface FaultyNeighbours extends Doors {
  readonly world: World;
  /** Target of redirects. */
  readonly elsewhere: Canary;
  /** Measurements of the process so far. */
  readonly watch: ProcessWatch;
}

export interface ProcessWatch {
  /** Returns the longest time that /healthz took, in milliseconds. */
  slowestMs(): number;
  /** Returns by how many megabytes the memory has grown at most since the watch began. */
  grownMegabytes(): number;
  stop(): Promise<void>;
}

export interface Cell {
  /** The last part of the names of the repository and of its package. */
  readonly cell: string;
  readonly fault: (neighbours: FaultyNeighbours) => Fault;
}

export const slugOf = (cell: string): string => `studio/${cell}`;
export const nameOf = (cell: string): string => `com.studio.${cell}`;

export async function startFaultyNeighbours(
  cells: readonly string[],
  options: WorldOptions = {},
): Promise<FaultyNeighbours> {
  const repositories = cells.map((cell) => ({ slug: slugOf(cell) }));
  // Runs all jobs at once, so that one that hangs delays none of the others.
  const env = { PUBLISH_CONCURRENCY: '40', ...options.env };
  const world = await World.start({ ...options, repositories, env });
  const doors = await openDoors(world, env);
  const elsewhere = await startCanary();
  const watch = watchProcess(world);
  return {
    ...doors,
    world,
    elsewhere,
    watch,
    stop: async () => {
      await watch.stop();
      await world.stop();
      await Promise.all([doors.stop(), elsewhere.stop()]);
    },
  };
}

/** Checks that /healthz stayed quick and that the memory stayed. */
export function expectCalm(watch: ProcessWatch): void {
  expect(watch.slowestMs()).toBeLessThan(5_000);
  // Allows what packing takes; bodies without an end would be gigabytes.
  expect(watch.grownMegabytes()).toBeLessThan(500);
}

const lookMs = 100;

/** Asks for /healthz all the time, as a supervisor does that restarts a hanging process. */
function watchProcess(world: World): ProcessWatch {
  const { pid, url } = world.process;
  const before = residentMegabytes(pid);
  let [slowest, highest, isOver] = [0, before, false];
  async function look(): Promise<void> {
    while (!isOver) {
      const askedAt = performance.now();
      const answer = await fetch(`${url}/healthz`);
      await answer.body?.cancel();
      if (answer.status !== 200) throw new Error(`/healthz answered ${answer.status}`);
      slowest = Math.max(slowest, performance.now() - askedAt);
      highest = Math.max(highest, residentMegabytes(pid));
      await pause(lookMs);
    }
  }
  const looking = look();
  looking.catch(() => undefined);
  return {
    slowestMs: () => Math.round(slowest),
    grownMegabytes: () => highest - before,
    stop: async () => {
      isOver = true;
      await looking;
    },
  };
}

/** Finds the cell whose repository a request is about, by its path or its body. */
export function findCell<C extends Cell>(
  cells: readonly C[],
  { path, body }: { readonly path: string; readonly body: string },
): C | undefined {
  const [slug] = /studio\/[\w-]+/.exec(decodeURIComponent(path)) ?? /studio\/[\w-]+/.exec(body) ?? [];
  return cells.find(({ cell }) => slugOf(cell) === slug);
}
