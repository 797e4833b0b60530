import { afterEach, beforeEach } from 'vitest';
import type { ScheduledJob } from '../../src/jobs/scheduled-job.ts';
import { buildFakeJob, type FakeJob, type JobWorld, openJobWorld } from './job-world.ts';

export const at = (iso: string): number => Date.parse(iso);
/** Time at which each test begins: an hour and a half before a daily job is due. */
export const begin = '2026-03-10T00:30Z';
export let world: JobWorld;

/** Call at the top of a test file: gives each of its tests a world. */
export function useJobWorld(): void {
  beforeEach(async () => {
    world = await openJobWorld(at(begin));
  });
  afterEach(async () => {
    await world.stop();
    await world.remove();
  });
}

/** Makes a job that is due at two o'clock. */
export const daily = (name = 'daily', work?: ScheduledJob['run']): FakeJob =>
  buildFakeJob(world, name, '0 2 * * *', work);

/** Lets time pass until then. */
export const pass = async (iso: string): Promise<void> => world.clock.advanceTo(at(iso));
