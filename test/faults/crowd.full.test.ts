import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, type IncomingMessage, request } from 'node:http';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { type Accepted, type JobShown, World } from '../../sandbox/world.ts';
import type { CrowdAnswers } from './crowd.ts';
import { residentMegabytes } from './storm-process.ts';

const crowdFile = fileURLToPath(new URL('crowd.ts', import.meta.url));
/** A client other than 127.0.0.1, which might be a proxy and is treated better. */
const neighbour = '127.0.7.1';
const quietLooks = 20;
const othersAtOnce = 4;
const versions = 6;
/** GitHub gives up on a webhook after ten seconds. */
const answeredAtMostMs = 10_000;
/**
 * Room for the bodies that strangers may make us hold, twice (as pieces and whole), and for what parsing leaves behind.
 */
const grownAtMostMb = 500;
const lagAtMostSeconds = 2;
/** Limit of a request, so that a failing test ends. */
const givenUpAfterMs = 60_000;
let world: World;

beforeAll(async () => {
  world = await World.start();
});

afterAll(async () => {
  await world.stop();
});

interface Look {
  readonly status: number;
  readonly body: string;
  readonly ms: number;
}

/** Sends one request on its own connection. */
async function ask(method: 'GET' | 'POST', path: string, body = ''): Promise<Look> {
  const agent = new Agent();
  const startedAt = performance.now();
  const asked = request(new URL(path, world.process.url), {
    method,
    agent,
    localAddress: neighbour,
    signal: AbortSignal.timeout(givenUpAfterMs),
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': world.sign(body) },
  });
  asked.end(body);
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  const whole = await text(answer);
  agent.destroy();
  return { status: answer.statusCode ?? 0, body: whole, ms: performance.now() - startedAt };
}

async function dispatch(commit: string): Promise<Look> {
  return ask('POST', '/dispatch', JSON.stringify({ repository: world.slug, commit_sha: commit }));
}

function medianOf(looks: readonly Look[]): number {
  return looks.map(({ ms }) => ms).toSorted((a, b) => a - b)[Math.floor(looks.length / 2)] ?? 0;
}

async function measureLag(): Promise<number> {
  const { body } = await ask('GET', '/metrics');
  return Number(/^nodejs_eventloop_lag_seconds (\S+)$/m.exec(body)?.[1]);
}

/** Counts connections to the process that do not come from 127.0.0.1, as this test's requests do. */
function countStrangers(): number {
  const port = Number(new URL(world.process.url).port).toString(16).toUpperCase().padStart(4, '0');
  const closed = new Set(['06', '07']);
  return readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = '', remote = '', state = '']) => {
      const isHere =
        local.endsWith(`:${port}`) && !remote.startsWith('0100007F') && !remote.startsWith('00000000');
      return isHere && !closed.has(state);
    }).length;
}

async function gather(known: string): Promise<{ disperse(): Promise<CrowdAnswers> }> {
  const crowd = spawn(process.execPath, [crowdFile, world.process.url, world.dispatchSecret, known], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: crowd.stdout });
  const [first] = (await once(lines, 'line')) as [string];
  expect(first).toBe('at strength');
  return {
    disperse: async () => {
      crowd.stdin.end();
      const [last] = (await once(lines, 'line')) as [string];
      await once(crowd, 'close');
      return JSON.parse(last) as CrowdAnswers;
    },
  };
}

interface Crowded {
  readonly looks: readonly Look[];
  readonly jobs: readonly JobShown[];
  readonly lagSeconds: number;
  readonly residentMb: number;
}

/** Dispatches new commits in order while other clients send requests, then waits until the commits are published. */
async function goOn(known: string, commits: readonly string[]): Promise<Crowded> {
  const looks: Look[] = [];
  const accepted: Accepted[] = [];
  let [lagSeconds, residentMb] = [0, 0];
  for (const commit of commits) {
    const [look, lag, ...others] = await Promise.all([
      dispatch(commit),
      measureLag(),
      ...Array.from({ length: othersAtOnce }, async () => dispatch(known)),
    ]);
    looks.push(look, ...others);
    accepted.push(JSON.parse(look.body) as Accepted);
    lagSeconds = Math.max(lagSeconds, lag);
    residentMb = Math.max(residentMb, residentMegabytes(world.process.pid));
  }
  const jobs: JobShown[] = [];
  for (const { id } of accepted) jobs.push(await world.finished(id));
  return { looks, jobs, lagSeconds, residentMb };
}

function expectRefused({ answers }: CrowdAnswers): void {
  const statuses = (kind: string): readonly string[] => Object.keys(answers[kind] ?? {});
  expect(statuses('wrong')).toContain('429');
  expect(statuses('headers')).toContain('431');
  expect(statuses('deep')).toContain('400');
  expect(statuses('metrics')).toContain('200');
  expect(statuses('report')).toContain('200');
  const given = ['wrong', 'large', 'deep', 'headers'].flatMap(statuses);
  expect(given.filter((status) => status.startsWith('2') || status === '500')).toEqual([]);
}

it('the process answers and publishes for everybody else while a crowd does its worst, and recovers fully afterwards', async () => {
  const published = Array.from({ length: 1 + versions }, (_, index) => ({
    files: unityPackage('com.studio.crowd', `1.${index}.0`),
  }));
  const [first = '', ...commits] = world.pushAll(published);
  const known = JSON.parse((await dispatch(first)).body) as Accepted;
  expect((await world.finished(known.id)).status).toBe('published');
  const quiet: Look[] = [];
  for (let index = 0; index < quietLooks; index++) quiet.push(await dispatch(first));
  const residentBefore = residentMegabytes(world.process.pid);

  const crowd = await gather(known.id);
  const { looks, jobs, lagSeconds, residentMb } = await goOn(first, commits);
  const strangers = await crowd.disperse();
  const ratio = medianOf(looks) / medianOf(quiet);
  const slowestMs = Math.max(...looks.map(({ ms }) => ms));
  console.log(JSON.stringify({ ratio, slowestMs, lagSeconds, residentBefore, residentMb, strangers }));

  expect(looks.map(({ status }) => status)).toEqual(looks.map(() => 202));
  expect(jobs.map(({ status }) => status)).toEqual(commits.map(() => 'published'));
  expect(slowestMs).toBeLessThan(answeredAtMostMs);
  expect(lagSeconds).toBeLessThan(lagAtMostSeconds);
  expect(residentMb - residentBefore).toBeLessThan(grownAtMostMb);
  expectRefused(strangers);
  await expect.poll(countStrangers).toBe(0);
  expect((await dispatch(first)).status).toBe(202);
  expect(world.process.lines().filter(({ level }) => Number(level) >= 50)).toEqual([]);
});
