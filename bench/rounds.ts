import { cp, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { unityPackage } from '../sandbox/unity-repository.ts';
import { World } from '../sandbox/world.ts';
import { type FloorProcess, type Measured, measureOurs, measureShell, startFloor } from './lanes.ts';
import { bump, foundation, type Lane, lanes, packageName, type Scenario, slugOf } from './scenarios.ts';

export interface Counts {
  readonly warm: number;
  readonly cold: number;
  readonly shell: number;
}

/** Ratios of median times. */
export interface ScenarioResult {
  readonly scenario: Scenario;
  readonly warmOverFloor: number;
  readonly coldOverFloor: number;
  readonly shellOverOurs: number;
  /** Median time of each of our stages in a warm run, as a multiple of the floor's total. */
  readonly stagesInFloors: Readonly<Record<string, number>>;
  /** Median time of each of the floor's stages in the same unit; they add up to about 1. */
  readonly floorStages: Readonly<Record<string, number>>;
}

export type Progress = (text: string) => void;

/** Builds the repository, publishes all of it once, then measures bump after bump in the three ways by turns. */
export async function runScenario(
  scenario: Scenario,
  counts: Counts,
  progress: Progress,
): Promise<ScenarioResult> {
  const world = await World.start({
    repositories: [{ slug: slugOf(scenario, 'ours') }],
  });
  const warmFloor = await startFloor(world);
  try {
    return await measureAll(world, warmFloor, scenario, counts, progress);
  } finally {
    await warmFloor.stop();
    await world.stop();
  }
}

async function measureAll(
  world: World,
  warmFloor: FloorProcess,
  scenario: Scenario,
  counts: Counts,
  progress: Progress,
): Promise<ScenarioResult> {
  progress(`${scenario.title}: making the repositories`);
  await prepare(world, scenario);
  let patch = 0;
  const next = (lane: Lane): string => {
    patch += 1;
    return world.push(bump(scenario, lane, `1.1.${patch}`), slugOf(scenario, lane));
  };
  const ours: Measured[] = [];
  const floor: Measured[] = [];
  const shell: Measured[] = [];
  const oneOfOurs = async (): Promise<Measured> => measureOurs(world, scenario, next('ours'));
  const oneOfFloor = async (process: FloorProcess): Promise<Measured> => {
    next('floor');
    return process.measure(scenario);
  };
  progress(`${scenario.title}: warming up`);
  // Warms up: the first round of each way pays for mirrors, imports and connections.
  for (let round = 0; round < 2; round++) {
    await oneOfOurs();
    await oneOfFloor(warmFloor);
  }
  for (let round = 0; round < counts.warm; round++) {
    progress(`${scenario.title}: warm ${round + 1} of ${counts.warm}`);
    // Lets the two ways take turns at going first, so that neither always finds the colder caches.
    if (round % 2 === 0) ours.push(await oneOfOurs());
    floor.push(await oneOfFloor(warmFloor));
    if (round % 2 === 1) ours.push(await oneOfOurs());
    if (round >= counts.shell) continue;
    next('shell');
    shell.push(await measureShell(world, scenario, `1.1.${patch}`));
  }
  const coldOurs: Measured[] = [];
  const coldFloor: Measured[] = [];
  for (let round = 0; round < counts.cold; round++) {
    progress(`${scenario.title}: cold ${round + 1} of ${counts.cold}`);
    await startAfresh(world);
    coldOurs.push(await oneOfOurs());
    const process = await startFloor(world);
    coldFloor.push(await oneOfFloor(process));
    await process.stop();
  }
  return summarise(scenario, { ours, floor, shell, coldOurs, coldFloor });
}

async function prepare(world: World, scenario: Scenario): Promise<void> {
  const [first = 'ours', ...others] = lanes;
  const bare = await world.addRepository(slugOf(scenario, first));
  for (const commit of foundation(scenario, first)) world.push(commit, slugOf(scenario, first));
  for (const lane of others) {
    await cp(bare, await world.addRepository(slugOf(scenario, lane)), { recursive: true, force: true });
    // Renames the packages, because each way publishes its own names.
    for (const commit of foundation({ ...scenario, ballastMb: 0 }, lane)) {
      world.push(commit, slugOf(scenario, lane));
    }
  }
  // Tidies up the repositories as a real host would have done, so that no measured request pays for it.
  for (const lane of lanes) await world.host.tidy(slugOf(scenario, lane));
  await publishFoundation(world, scenario);
}

/** Publishes every package once before anything is measured. */
async function publishFoundation(world: World, scenario: Scenario): Promise<void> {
  const slug = slugOf(scenario, 'ours');
  const first = await world.publish(
    { message: 'Ready', files: { 'README.md': 'Ready\n' } },
    { repository: slug },
  );
  if (first.status !== 'published') throw new Error(`the first publish ended ${first.status}`);
  // Publishes the packages of the shell sequence too, because it asks the registry about each of them.
  const files = Object.assign(
    {},
    ...Array.from({ length: scenario.packages }, (_, index) =>
      unityPackage(packageName(scenario, 'shell', index), '1.0.0', { folder: `Packages/p${index}` }),
    ),
  );
  const published = await world.publish({ message: 'Names for the shell', files });
  if (published.status !== 'published') throw new Error(`the shell's names ended ${published.status}`);
}

/** Restarts the process without any knowledge of the repository: no mirror, no packuments, nothing imported yet. */
async function startAfresh(world: World): Promise<void> {
  world.process.kill('SIGKILL');
  await world.process.exited;
  world.process = await world.startProcess({ DATA_DIR: await mkdtemp(join(world.folder, 'data-')) });
}

interface Rounds {
  readonly ours: readonly Measured[];
  readonly floor: readonly Measured[];
  readonly shell: readonly Measured[];
  readonly coldOurs: readonly Measured[];
  readonly coldFloor: readonly Measured[];
}

function summarise(scenario: Scenario, rounds: Rounds): ScenarioResult {
  const floorMs = medianTotal(rounds.floor);
  const oursMs = medianTotal(rounds.ours);
  return {
    scenario,
    warmOverFloor: oursMs / floorMs,
    coldOverFloor: medianTotal(rounds.coldOurs) / medianTotal(rounds.coldFloor),
    shellOverOurs: medianTotal(rounds.shell) / oursMs,
    stagesInFloors: medianStages(rounds.ours, floorMs),
    floorStages: medianStages(rounds.floor, floorMs),
  };
}

function medianStages(items: readonly Measured[], floorMs: number): Readonly<Record<string, number>> {
  const stages = new Set(items.flatMap((item) => Object.keys(item.stagesMs)));
  return Object.fromEntries(
    [...stages].map((stage) => [stage, median(items.map((item) => item.stagesMs[stage] ?? 0)) / floorMs]),
  );
}

function medianTotal(items: readonly Measured[]): number {
  return median(items.map((item) => item.totalMs));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
