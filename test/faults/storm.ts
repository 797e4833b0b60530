import { setTimeout as pause } from 'node:timers/promises';
import { startFaultProxy } from '../../sandbox/fault-proxy.ts';
import { startGemini } from '../../sandbox/gemini.ts';
import type { LogLine } from '../../sandbox/process.ts';
import { type Accepted, World } from '../../sandbox/world.ts';
import { readCount } from '../world/stored-rows.ts';
import { addressOf, openDoors } from './doors.ts';
import { randomOf } from './seeded.ts';
import { type Injected, letNeighboursFail } from './storm-faults.ts';
import { type Growth, judgeGrowth, watchMemory } from './storm-memory.ts';
import { type Expected, type PlannedRepository, planRepositories } from './storm-plan.ts';
import { buildKiller, type Killer, residentMegabytes } from './storm-process.ts';
import { judgeStorm, type Verdict } from './storm-verdict.ts';

export interface StormOptions {
  readonly seed: number;
  readonly repositories: number;
  readonly commitsEach: number;
  /** Average number of jobs that end between two kills. */
  readonly jobsPerKill: number;
  /**
   * The next wave waits while more jobs, messages and changelogs than this are left; when left out, it waits for jobs
   * only.
   */
  readonly leftAtMost?: number;
  /** No further wave is sent after this time. */
  readonly stopAfterMs?: number;
  /** No kill after this time, because the growth of memory shows only in a process that stays alive. */
  readonly killUntilMs?: number;
  /** Called with one line per wave. */
  readonly tell: (line: string) => void;
}

/** A dispatch that was answered with 202, and its expected outcome. */
export interface Sent extends Expected {
  readonly slug: string;
  readonly accepted: Accepted;
}

export interface StormSummary extends Verdict {
  readonly dispatches: number;
  readonly kills: number;
  readonly injected: Injected;
  readonly seconds: number;
  /** Resident memory of the process in megabytes, after its first start and at the end. */
  readonly memory: { readonly atStart: number; readonly atEnd: number; readonly growth: Growth };
}

const pollMs = 250;
/** How long progress may stall; after the last fault everything must be done some time later. */
const settleMs = 6 * 60_000;

/**
 * Sends dispatches in waves, one per repository, while neighbours fail and the process is killed; then judges the
 * result.
 */
export async function runStorm(options: StormOptions): Promise<StormSummary> {
  const plan = planRepositories(options.seed, options.repositories, options.commitsEach);
  const gemini = await startGemini();
  const door = await startFaultProxy({ target: gemini.url });
  const memory = watchMemory();
  const env: Record<string, string> = {
    ...memory.env,
    GEMINI_API_KEY: gemini.key,
    GEMINI_MODEL: gemini.model,
    GEMINI_API_URL: addressOf(door),
    CHANGELOG_BUDGET_SECONDS: '2',
  };
  const killer = buildKiller(randomOf(options.seed, 'kills'), options.jobsPerKill);
  const world = await World.start({
    discord: true,
    repositories: plan.map(({ slug }) => ({ slug })),
    onLine: (line: LogLine, process) => {
      killer.see(line, process);
      memory.see(line);
    },
    env,
  });
  const doors = await openDoors(world, env);
  const startedAt = Date.now();
  const atStart = residentMegabytes(world.process.pid);
  const stopSupervising = killer.supervise(world);
  try {
    const trouble = letNeighboursFail(world, doors, { gemini, door }, options.seed);
    const sent = await sendWaves(world, plan, killer, options, (elapsedMs) => {
      if (elapsedMs > (options.killUntilMs ?? Number.POSITIVE_INFINITY)) killer.rest();
      memory.ask(world.process.pid);
    });
    trouble.end();
    killer.rest();
    options.tell(`the load is over, ${countLeft(world)} things are left to do`);
    await settle(world, killer, () => killer.isRunning() && countLeft(world) === 0, settleMs);
    return {
      dispatches: sent.length,
      kills: killer.kills(),
      injected: trouble.injected,
      ...(await judgeStorm(world, sent)),
      seconds: Math.round((Date.now() - startedAt) / 1_000),
      memory: {
        atStart,
        atEnd: residentMegabytes(world.process.pid),
        growth: judgeGrowth(memory.samples()),
      },
    };
  } finally {
    await stopSupervising();
    await world.stop();
    await Promise.all([doors.stop(), door.stop(), gemini.stop()]);
  }
}

async function sendWaves(
  world: World,
  plan: readonly PlannedRepository[],
  killer: Killer,
  options: StormOptions,
  onWave: (elapsedMs: number) => void,
): Promise<readonly Sent[]> {
  const startedAt = Date.now();
  const commits = new Map(
    plan.map(({ slug, commits }) => [
      slug,
      world.pushAll(
        commits.map((commit) => commit.options),
        slug,
      ),
    ]),
  );
  const sent: Sent[] = [];
  const random = randomOf(options.seed, 'duplicates');
  for (let wave = 0; wave < options.commitsEach; wave++) {
    if (Date.now() - startedAt > (options.stopAfterMs ?? Number.POSITIVE_INFINITY)) break;
    for (const { slug, commits: planned } of plan) {
      const [expected, commit] = [planned[wave], commits.get(slug)?.[wave]];
      if (expected === undefined || commit === undefined) throw new Error(`${slug} has no commit ${wave}`);
      const accepted = await dispatchSurely(world, killer, slug, commit);
      // Some senders repeat a dispatch although it was answered.
      if (random(20) === 0) await dispatchSurely(world, killer, slug, commit);
      sent.push({ slug, accepted, ...expected });
    }
    // How many jobs may wait: one wave, but not a backlog that grows without end.
    const leftAtMost = options.leftAtMost ?? Number.POSITIVE_INFINITY;
    const mayGoOn = () => countOpen(world) <= plan.length && countLeft(world) <= leftAtMost;
    await settle(world, killer, mayGoOn, settleMs);
    const counts = `${countOpen(world)} open, ${countLeft(world)} left, ${killer.kills()} kills`;
    options.tell(`wave ${wave + 1}: ${sent.length} accepted, ${counts}`);
    onWave(Date.now() - startedAt);
  }
  return sent;
}

/** Dispatches as a sender does that gets no answer: repeats the request to the process that runs then. */
async function dispatchSurely(
  world: World,
  killer: Killer,
  repository: string,
  commit: string,
): Promise<Accepted> {
  const body = JSON.stringify({ repository, commit_sha: commit });
  for (;;) {
    const { process } = world;
    const answer = await world.post(body).then(
      async (response) => ({ status: response.status, text: await response.text() }),
      () => undefined,
    );
    if (answer?.status === 202) return JSON.parse(answer.text) as Accepted;
    if (answer !== undefined) throw new Error(`dispatch answered ${answer.status}: ${answer.text}`);
    await process.exited;
    await killer.revived();
  }
}

function countOpen(world: World): number {
  return readCount(world, 'select count(*) from jobs where finished_at is null');
}

/** Counts the jobs, messages and changelogs that are still pending. */
function countLeft(world: World): number {
  const sql = `select (select count(*) from jobs where finished_at is null)
    + (select count(*) from outbox where sent_at is null)
    + (select count(*) from changelog_write_backs where state = 'owed')`;
  return readCount(world, sql);
}

async function settle(world: World, killer: Killer, isDone: () => boolean, withinMs: number): Promise<void> {
  let until = Date.now() + withinMs;
  let least = Number.POSITIVE_INFINITY;
  while (!isDone()) {
    killer.check();
    // Hundreds may wait, because Discord takes a message a second; that is fine as long as they become fewer.
    const left = countLeft(world);
    if (left < least) [least, until] = [left, Date.now() + withinMs];
    if (Date.now() > until) {
      throw new Error(`${countOpen(world)} jobs are open, ${countLeft(world)} things are left, too late`);
    }
    await pause(pollMs);
  }
}
