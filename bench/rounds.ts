import { cp } from 'node:fs/promises';
import { unityPackage } from '../sandbox/unity-repository.ts';
import { World } from '../sandbox/world.ts';
import { type Build, type Contender, startContender } from './contender.ts';
import {
  countWork,
  type FloorProcess,
  type Measured,
  measurePublish,
  measureShell,
  startFloor,
  type Work,
} from './lanes.ts';
import { bump, foundation, type Lane, packageName, type Scenario, slugOf } from './scenarios.ts';

export interface Counts {
  readonly warm: number;
  readonly cold: number;
  readonly shell: number;
}

/** What a scenario showed. Ratios are made of medians. */
export interface ScenarioResult {
  readonly scenario: Scenario;
  readonly warmOverFloor: number;
  readonly coldOverFloor: number;
  readonly shellOverOurs: number;
  /** Warm, beside the build that we are compared with; NaN when there is none. */
  readonly warmOverBefore: number;
  /** What one warm publish causes; the median of what was counted. */
  readonly work: Work;
  /** What the first publish of a process without any data causes. */
  readonly firstWork: Work;
  /** Median time of each of our stages in a warm run, in floors. */
  readonly stagesInFloors: Readonly<Record<string, number>>;
  /** The same for the floor; the values add up to about 1. */
  readonly floorStages: Readonly<Record<string, number>>;
}

export type Progress = (text: string) => void;

const countedRounds = 3;

/**
 * Builds the repository, publishes it whole once, then measures bump after bump, all ways in turn. `before` is another
 * build of this project to be measured beside.
 */
export async function runScenario(
  scenario: Scenario,
  counts: Counts,
  progress: Progress,
  before: Build | undefined,
): Promise<ScenarioResult> {
  const world = await World.start({});
  const warmFloor = await startFloor(world);
  try {
    progress(`${scenario.title}: making the repositories`);
    await prepare(world, scenario, before !== undefined);
    const ours = await startContender(world, 'ours', slugOf(scenario, 'ours'));
    const other =
      before === undefined
        ? undefined
        : await startContender(world, 'before', slugOf(scenario, 'before'), before);
    const field: Field = { world, warmFloor, ours, other, scenario, next: buildBumps(world, scenario) };
    try {
      return await measureAll(field, counts, progress);
    } finally {
      await ours.stop();
      await other?.stop();
    }
  } finally {
    await warmFloor.stop();
    await world.stop();
  }
}

interface Field {
  readonly world: World;
  readonly warmFloor: FloorProcess;
  readonly ours: Contender;
  readonly other: Contender | undefined;
  readonly scenario: Scenario;
  /** Pushes the next version to the repository of a lane; gives the commit and the version. */
  readonly next: (lane: Lane) => { readonly commit: string; readonly version: string };
}

function buildBumps(world: World, scenario: Scenario): Field['next'] {
  let patch = 0;
  return (lane) => {
    patch += 1;
    const version = `1.1.${patch}`;
    return { commit: world.push(bump(scenario, lane, version), slugOf(scenario, lane)), version };
  };
}

async function measureAll(field: Field, counts: Counts, progress: Progress): Promise<ScenarioResult> {
  const { other, ours, scenario, warmFloor } = field;
  const contenders = other === undefined ? [ours] : [ours, other];
  progress(`${scenario.title}: warming up`);
  // The first of each pays for mirrors, imports and connections.
  for (let round = 0; round < 2; round++) {
    for (const contender of contenders) await publishNext(field, contender);
    await floorNext(field, warmFloor);
  }
  const warm = await measureWarm(field, contenders, counts, progress);
  const work: Work[] = [];
  const firstWork: Work[] = [];
  for (let round = 0; round < countedRounds; round++) {
    progress(`${scenario.title}: counting ${round + 1} of ${countedRounds}`);
    work.push(await countNext(field, ours));
  }
  const coldOurs: Measured[] = [];
  const coldFloor: Measured[] = [];
  for (let round = 0; round < counts.cold; round++) {
    progress(`${scenario.title}: cold ${round + 1} of ${counts.cold}`);
    await ours.startAfresh();
    coldOurs.push(await publishNext(field, ours));
    const process = await startFloor(field.world);
    coldFloor.push(await floorNext(field, process));
    await process.stop();
    await ours.startAfresh();
    firstWork.push(await countNext(field, ours));
  }
  return {
    ...summarise(scenario, { ...warm, coldOurs, coldFloor }),
    work: medianWork(work),
    firstWork: medianWork(firstWork),
  };
}

async function measureWarm(
  field: Field,
  contenders: readonly Contender[],
  counts: Counts,
  progress: Progress,
): Promise<Pick<Rounds, 'ours' | 'before' | 'floor' | 'shell'>> {
  const { scenario, warmFloor, world } = field;
  const rounds = {
    ours: [] as Measured[],
    before: [] as Measured[],
    floor: [] as Measured[],
    shell: [] as Measured[],
  };
  for (let round = 0; round < counts.warm; round++) {
    progress(`${scenario.title}: warm ${round + 1} of ${counts.warm}`);
    // The contenders take turns in going first, so that none always finds the colder caches.
    const ordered = round % 2 === 0 ? contenders : contenders.toReversed();
    for (const contender of ordered) {
      rounds.floor.push(await floorNext(field, warmFloor));
      rounds[contender.lane === 'before' ? 'before' : 'ours'].push(await publishNext(field, contender));
    }
    if (round >= counts.shell) continue;
    const { version } = field.next('shell');
    rounds.shell.push(await measureShell(world, scenario, version));
  }
  return rounds;
}

async function publishNext({ next, scenario, world }: Field, contender: Contender): Promise<Measured> {
  return measurePublish(world, contender, scenario, next(contender.lane).commit);
}

async function countNext({ next, scenario, world }: Field, contender: Contender): Promise<Work> {
  return countWork(world, contender, scenario, next(contender.lane).commit);
}

async function floorNext({ next, scenario }: Field, floor: FloorProcess): Promise<Measured> {
  next('floor');
  return floor.measure(scenario);
}

async function prepare(world: World, scenario: Scenario, hasBefore: boolean): Promise<void> {
  const others: readonly Lane[] = hasBefore ? ['before', 'floor', 'shell'] : ['floor', 'shell'];
  const bare = await world.addRepository(slugOf(scenario, 'ours'));
  for (const commit of foundation(scenario, 'ours')) world.push(commit, slugOf(scenario, 'ours'));
  for (const lane of others) {
    await cp(bare, await world.addRepository(slugOf(scenario, lane)), { recursive: true, force: true });
    // Each lane has its own package names.
    for (const commit of foundation({ ...scenario, ballastMb: 0 }, lane)) {
      world.push(commit, slugOf(scenario, lane));
    }
  }
  // Tidies up before anything is measured, so that no first request pays for work that a host does long before it.
  for (const lane of ['ours', ...others] as const) await world.host.tidy(slugOf(scenario, lane));
  // The shell sequence asks the registry about each of its packages.
  const files = Object.assign(
    {},
    ...Array.from({ length: scenario.packages }, (_, index) =>
      unityPackage(packageName(scenario, 'shell', index), '1.0.0', { folder: `Packages/p${index}` }),
    ),
  );
  const published = await world.publish({ message: 'Names for the shell', files });
  if (published.status !== 'published') throw new Error(`the shell's names ended ${published.status}`);
}

interface Rounds {
  readonly ours: readonly Measured[];
  readonly before: readonly Measured[];
  readonly floor: readonly Measured[];
  readonly shell: readonly Measured[];
  readonly coldOurs: readonly Measured[];
  readonly coldFloor: readonly Measured[];
}

function summarise(scenario: Scenario, rounds: Rounds): Omit<ScenarioResult, 'work' | 'firstWork'> {
  const floorMs = medianTotal(rounds.floor);
  const oursMs = medianTotal(rounds.ours);
  return {
    scenario,
    warmOverFloor: oursMs / floorMs,
    coldOverFloor: medianTotal(rounds.coldOurs) / medianTotal(rounds.coldFloor),
    shellOverOurs: medianTotal(rounds.shell) / oursMs,
    warmOverBefore: oursMs / medianTotal(rounds.before),
    stagesInFloors: medianStages(rounds.ours, floorMs),
    floorStages: medianStages(rounds.floor, floorMs),
  };
}

function medianWork(items: readonly Work[]): Work {
  const of = (key: keyof Work): number => median(items.map((item) => item[key]));
  return { commands: of('commands'), git: of('git'), registry: of('registry') };
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
