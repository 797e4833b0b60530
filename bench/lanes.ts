import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gitSync } from '../sandbox/git-sync.ts';
import type { Accepted, ReportShown } from '../sandbox/shown.ts';
import type { World } from '../sandbox/world.ts';
import type { Contender } from './contender.ts';
import type { FloorTask } from './floor.ts';
import { packageFolder, packageName, type Scenario, slugOf } from './scenarios.ts';

export interface Measured {
  readonly totalMs: number;
  /** Milliseconds by stage, summed over packages; empty for a way without stages. */
  readonly stagesMs: Readonly<Record<string, number>>;
}

/** Measures a publisher: from the POST until it has announced that the job is published. */
export async function measurePublish(
  world: World,
  { lane, process }: Contender,
  scenario: Scenario,
  commit: string,
): Promise<Measured> {
  const startedAt = performance.now();
  const { id, job } = await dispatch(world, process.url, slugOf(scenario, lane), commit);
  const line = await process.waitFor(({ msg, job: n }) => msg === 'job finished' && n === job);
  await process.waitFor(({ announcement }) => (announcement as { job?: number } | undefined)?.job === job);
  const totalMs = performance.now() - startedAt;
  if (line['status'] !== 'published') throw new Error(`job ${job} ended ${String(line['status'])}`);
  const answer = await fetch(`${process.url}/dispatches/${id}`);
  const report = ((await answer.json()) as ReportShown).jobs.at(-1);
  const stagesMs: Record<string, number> = {};
  for (const { stage, durationMs } of (report?.stages ?? []) as readonly ShownStage[]) {
    stagesMs[stage] = (stagesMs[stage] ?? 0) + (durationMs ?? 0);
  }
  return { totalMs, stagesMs };
}

async function dispatch(world: World, url: string, slug: string, commit: string): Promise<Accepted> {
  const client_payload = { repository: slug, commit_sha: commit };
  const body = JSON.stringify({ event_type: 'package_publish', client_payload });
  const answer = await fetch(`${url}/dispatch`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': world.sign(body) },
  });
  if (answer.status !== 202) throw new Error(`dispatch answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Accepted;
}

/** What one publish causes in all, the looks that follow it included. */
export interface Work {
  /** Commands that the process started. */
  readonly commands: number;
  /** Requests to the git host. */
  readonly git: number;
  /** Requests to the registry. */
  readonly registry: number;
}

/** How long nothing follows a publish before it counts as over; what follows starts after half a second. */
const quietMs = 2_000;

export async function countWork(
  world: World,
  contender: Contender,
  scenario: Scenario,
  commit: string,
): Promise<Work> {
  const slug = slugOf(scenario, contender.lane);
  const before = await contender.countCommands();
  world.host.clearRequests();
  world.proxy.clear();
  await measurePublish(world, contender, scenario, commit);
  await setTimeout(quietMs);
  return {
    commands: (await contender.countCommands()) - before,
    git: world.host.requests().filter(({ path }) => path.includes(`${slug}.git`)).length,
    registry: world.proxy.requests().filter(({ path }) => path.includes(`.${contender.lane}`)).length,
  };
}

interface ShownStage {
  readonly stage: string;
  readonly durationMs: number | null;
}

/** A process that publishes by hand and runs as long as ours. */
export interface FloorProcess {
  measure(scenario: Scenario): Promise<Measured>;
  stop(): Promise<void>;
}

export async function startFloor(world: World): Promise<FloorProcess> {
  const folder = await mkdtemp(join(world.folder, 'floor-'));
  const child: ChildProcess = fork(fileURLToPath(new URL('floor.ts', import.meta.url)), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const exited = once(child, 'exit');
  return {
    measure: async (scenario) => {
      const mirror = join(folder, `${scenario.name}.git`);
      gitSync(['init', '--quiet', '--bare', mirror]);
      const task: FloorTask = {
        mirror,
        repositoryUrl: `${world.host.url}/${slugOf(scenario, 'floor')}.git`,
        gitToken: world.gitToken,
        path: packageFolder(),
        registryUrl: world.proxy.url,
        registryToken: world.registry.token,
      };
      child.send(task);
      const failed = exited.then(() => {
        throw new Error('the floor ended');
      });
      const [measured] = (await Promise.race([once(child, 'message'), failed])) as [Measured];
      return measured;
    },
    stop: async () => {
      child.kill('SIGKILL');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const run = promisify(execFile);

/**
 * Measures what the publisher replaced: clone, ask the registry about every package, publish, ask again, in a new
 * process each time.
 */
export async function measureShell(world: World, scenario: Scenario, version: string): Promise<Measured> {
  const folder = await mkdtemp(join(world.folder, 'shell-'));
  const { host } = new URL(world.proxy.url);
  await writeFile(
    join(folder, 'npmrc'),
    `registry=${world.proxy.url}\n//${host}/:_authToken=${world.registry.token}\nupdate-notifier=false\n`,
  );
  await mkdir(join(folder, 'home'));
  const basic = Buffer.from(`x:${world.gitToken}`).toString('base64');
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: join(folder, 'home'),
    npm_config_userconfig: join(folder, 'npmrc'),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'http.extraHeader',
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
  };
  const work = join(folder, 'work');
  const startedAt = performance.now();
  await run(
    'git',
    ['clone', '--quiet', '--depth', '1', `${world.host.url}/${slugOf(scenario, 'shell')}.git`, work],
    { env },
  );
  for (let index = 0; index < scenario.packages; index++) {
    await run('npm', ['view', packageName(scenario, 'shell', index), 'version'], { env });
  }
  await run('npm', ['publish', '--ignore-scripts', join(work, packageFolder())], { env });
  const shown = await run('npm', ['view', `${packageName(scenario, 'shell')}@${version}`, 'version'], {
    env,
  });
  const totalMs = performance.now() - startedAt;
  if (shown.stdout.trim() !== version) throw new Error('the shell sequence did not publish');
  await rm(folder, { recursive: true, force: true });
  return { totalMs, stagesMs: {} };
}
