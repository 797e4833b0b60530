import { afterEach, beforeEach } from 'vitest';
import { type CommandWorld, startCommandWorld } from './command-world.ts';
import type { FakePublisher } from './fake-publisher.ts';
import { jobReport, row } from './sample-answers.ts';

export let world: CommandWorld;

/** Call at the top of a test file: gives each of its tests a bot, and a publisher that was prepared like this. */
export function useCommandWorld(prepare: (fake: FakePublisher) => void = () => undefined): void {
  beforeEach(async () => {
    world = await startCommandWorld();
    prepare(world.fake);
  });
  afterEach(async () => world.stop());
}

/** Replaces the test's world by another, unprepared one. */
export async function replaceWorld(options: Parameters<typeof startCommandWorld>[0]): Promise<void> {
  await world.stop();
  world = await startCommandWorld(options);
}

/** Prepares two packages that could be published, and job 12. */
export function withTwoAhead(fake: FakePublisher): void {
  fake.rows = [row('com.studio.core', 'ahead'), row('com.studio.ui', 'ahead')];
  fake.jobs.set(12, jobReport(12));
}

/** Prepares three packages: one that could be published, one that is published, and one that is never published. */
export function withOneOfEach(fake: FakePublisher): void {
  fake.rows = [
    row('com.studio.core', 'ahead'),
    row('com.studio.ui', 'equal'),
    row('com.vendor.asset', 'excluded', { detail: 'outside the allowed scopes' }),
  ];
}
