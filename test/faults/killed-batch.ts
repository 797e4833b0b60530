import type { LogLine } from '../../sandbox/process.ts';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { type JobShown, World, type WorldOptions } from '../../sandbox/world.ts';
import { readCount, readRows } from '../world/stored-rows.ts';

/** A world whose process is killed at the first matching log line. */
export interface KillableWorld {
  readonly world: World;
  readonly killAt: (fits: (line: LogLine) => boolean) => void;
}

export async function startKillable(options: WorldOptions = {}): Promise<KillableWorld> {
  let fatal: ((line: LogLine) => boolean) | undefined;
  const world = await World.start({
    ...options,
    env: { LOG_LEVEL: 'debug', ...options.env },
    onLine: (line, process) => {
      if (fatal?.(line) !== true) return;
      fatal = undefined;
      process.kill('SIGKILL');
    },
  });
  return {
    world,
    killAt: (fits) => {
      fatal = fits;
    },
  };
}

export function isStage(stage: string, packageName?: string): (line: LogLine) => boolean {
  return (line) => line.msg === 'stage' && line['stage'] === stage && line['package'] === packageName;
}

/** One commit of packages, each depending on the one before it. */
export interface Batch {
  readonly slug: string;
  readonly names: readonly string[];
  readonly version: string;
  readonly commit: string;
}

export function pushBatch(world: World, slug: string, names: readonly string[], version: string): Batch {
  const files = names.map((name, index) => {
    const needed = names[index - 1];
    const dependencies = needed === undefined ? {} : { [needed]: version };
    return unityPackage(name, version, { folder: `Packages/${name}`, dependencies });
  });
  return { slug, names, version, commit: world.push({ files: Object.assign({}, ...files) }, slug) };
}

export interface Recorded {
  readonly name: string;
  readonly integrity: string;
}

/** Returns what the process recorded before its uploads. */
export function listIntents(world: World, batch: Batch): readonly Recorded[] {
  const marks = batch.names.map(() => '?').join(', ');
  const sql = `select name, integrity from intents where version = ? and name in (${marks}) order by name`;
  return readRows(world, sql, batch.version, ...batch.names) as Recorded[];
}

/** Dispatches as a sender does that gets no answer: repeats the request to the process that runs then. */
export async function dispatchBatch(world: World, batch: Batch): Promise<string> {
  const send = async () => world.dispatch(batch.commit, { repository: batch.slug });
  const accepted = await send().catch(async () => {
    await world.restart('SIGKILL');
    return send();
  });
  return accepted.id;
}

/** Dispatches, waits for the kill and starts the process again; returns the final job and what was recorded before. */
export async function publishThroughKill(
  world: World,
  batch: Batch,
): Promise<{ job: JobShown; before: readonly Recorded[] }> {
  const { exited } = world.process;
  // The kill may come before the answer.
  await world.dispatch(batch.commit, { repository: batch.slug }).catch(() => undefined);
  const how = await exited;
  if (how !== 'SIGKILL') throw new Error(`the process was not killed but ended with ${how}`);
  const before = listIntents(world, batch);
  world.process = await world.startProcess();
  const { id } = await world.dispatch(batch.commit, { repository: batch.slug });
  return { job: await world.finished(id), before };
}

/** Counts the PUTs of this package that reached the proxy. */
export function countPuts(world: World, name: string): number {
  return world.proxy.requests().filter(({ method, path }) => method === 'PUT' && path === `/${name}`).length;
}

/** Returns what is visible from outside and in the database once the job is final; compare with `publishedOnce`. */
export async function readOutcome(world: World, batch: Batch, job: JobShown): Promise<unknown> {
  const intents = listIntents(world, batch);
  const packages = batch.names.map(async (name) => {
    const shown = job.packages.find((item) => item.name === name);
    const packument = await world.packument(name);
    const stored = packument?.versions[batch.version]?.dist.integrity;
    const recorded = intents.filter((intent) => intent.name === name);
    return {
      name,
      outcome: shown?.outcome,
      latest: packument?.['dist-tags']['latest'],
      isReportedIntegrity: stored !== undefined && stored === shown?.integrity,
      // More than one means that the package was packed again instead of sent again.
      recorded: recorded.map(({ integrity }) => integrity === stored),
    };
  });
  return {
    status: job.status,
    packages: await Promise.all(packages),
    // More than one means that the first job was given up and a later dispatch succeeded.
    jobs: readCount(
      world,
      'select count(*) from jobs join dispatches on dispatches.id = dispatch_id where commit_sha = ?',
      batch.commit,
    ),
    announcements: readCount(world, 'select count(*) from outbox where key = ?', `job-${job.job}-finished`),
    openJobs: readCount(world, 'select count(*) from jobs where finished_at is null'),
    openAttempts: readCount(world, 'select count(*) from attempts where ended_at is null'),
  };
}

/**
 * Returns the expected outcome: each package on the registry with the recorded and reported bytes, and nothing left to
 * do.
 */
export function publishedOnce(batch: Batch): unknown {
  return {
    status: 'published',
    packages: batch.names.map((name) => ({
      name,
      outcome: 'published',
      latest: batch.version,
      isReportedIntegrity: true,
      recorded: [true],
    })),
    jobs: 1,
    announcements: 1,
    openJobs: 0,
    openAttempts: 0,
  };
}
