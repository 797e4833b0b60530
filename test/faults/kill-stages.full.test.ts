import { describe, expect, it } from 'vitest';
import {
  countPuts,
  isStage,
  listIntents,
  publishedOnce,
  publishThroughKill,
  readOutcome,
} from './killed-batch.ts';
import { core, inWorld, putsOf, ui } from './killed-pair.ts';

/** The stage that may have to wait comes first, so that the others run meanwhile. */
const packageStages = [
  'publish',
  'changelog',
  'stage-files',
  'pack',
  'preflight',
  'record-intent',
  'read-back',
];

describe.concurrent('a process that is killed', () => {
  const boundaries = packageStages.flatMap((stage) => [core, ui].map((name) => [stage, name] as const));
  it.each(boundaries)(
    'in stage %s of %s, publishes both packages once after the restart',
    async (stage, name) => {
      await inWorld(async ({ world, killAt }, pair) => {
        killAt(isStage(stage, name));
        const { job, before } = await publishThroughKill(world, pair);
        expect(await readOutcome(world, pair, job)).toEqual(publishedOnce(pair));
        expect(listIntents(world, pair)).toEqual(expect.arrayContaining([...before]));
        expect(countPuts(world, name === core ? ui : core)).toBe(1);
        // When the kill interrupts a PUT, that PUT is repeated once.
        expect(countPuts(world, name)).toBeLessThanOrEqual(stage === 'publish' ? 2 : 1);
      });
    },
  );

  it.each(['fetch', 'list', 'read-manifests', 'judge'])(
    'in stage %s, publishes both packages once after the restart',
    async (stage) => {
      await inWorld(async ({ world, killAt }, pair) => {
        killAt(isStage(stage));
        const { job } = await publishThroughKill(world, pair);
        expect(await readOutcome(world, pair, job)).toEqual(publishedOnce(pair));
        expect(putsOf(world)).toEqual([1, 1]);
      });
    },
  );
});
