import type { DiscordDouble, DiscordUser, Outcome } from 'discord-stand-in';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Fault, FaultProxy } from '../../sandbox/fault-proxy.ts';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { readCount } from '../world/stored-rows.ts';
import { isTitled, slowDown, standing, success } from '../world/thread-world.ts';
import {
  expectCalm,
  type FaultyNeighbours,
  nameOf,
  slugOf,
  startFaultyNeighbours,
} from './faulty-neighbours.ts';

const json = { 'content-type': 'application/json' };
const page = { 'content-type': 'text/html' };
/** Level of errors in the log. */
const errorLevel = 50;
/** Messages come in order, and some of them are delayed by 15 s. */
const within = { timeout: 15 * 60_000, interval: 100 };

type FaultOf = (elsewhere: string) => Fault;
const always =
  (fault: Fault): FaultOf =>
  () =>
    fault;
const gate = (status: number): FaultOf =>
  always({ kind: 'status', status, headers: page, body: '<h1>Not Discord</h1>' });
const stored = (status: number, headers: Readonly<Record<string, string>>, body: string): FaultOf =>
  always({ kind: 'store-then-status', status, headers, body });
const away = (headers: Readonly<Record<string, string>>): FaultOf =>
  always({ kind: 'status', status: 429, headers, body: '<h1>Error 1015</h1>' });

/** Faults by the last part of a repository's name; each hits the first request that mentions that repository. */
const faults: Readonly<Record<string, FaultOf>> = {
  silent: always({ kind: 'hang' }),
  late: always({ kind: 'delay', ms: 16_000 }),
  slow: always({ kind: 'dribble', chunkBytes: 16, everyMs: 200 }),
  torn: always({ kind: 'reset', when: 'before-forwarding' }),
  dropped: always({ kind: 'store-then-drop' }),
  half: always({ kind: 'half-answer' }),
  page: always({ kind: 'html-200' }),
  'stored-page': stored(200, page, '<h1>Welcome</h1>'),
  'stored-other': stored(200, json, '{"message":"Welcome"}'),
  'stored-empty': stored(200, json, ''),
  'stored-short': stored(200, { ...json, 'content-length': '7' }, '{"id":"12345678"}'),
  'stored-502': stored(502, page, '<h1>Bad gateway</h1>'),
  'says-400': gate(400),
  'says-401': gate(401),
  'says-403': gate(403),
  'says-404': gate(404),
  'says-413': gate(413),
  'says-503': gate(503),
  endless: always({ kind: 'endless' }),
  'long-502': always({ kind: 'endless', status: 502 }),
  moved: (elsewhere) => ({ kind: 'redirect', status: 307, to: elsewhere }),
  'away-page': away(page),
  'away-past': away({ ...json, 'retry-after': '-5' }),
  'away-for-ever': away({ ...json, 'retry-after': '1e308' }),
};
const cells = Object.keys(faults);

let neighbours: FaultyNeighbours;
let discord: DiscordDouble;
let door: FaultProxy;
let olga: DiscordUser;

beforeAll(async () => {
  neighbours = await startFaultyNeighbours(cells, { discord: true });
  const { world } = neighbours;
  if (world.discord === undefined || neighbours.discord === undefined) throw new Error('no Discord');
  [discord, door] = [world.discord, neighbours.discord];
  await world.process.waitFor((line) => line.msg === 'discord ready');
  await world.process.waitFor((line) => line.msg === 'commands registered');
  olga = discord.user({ name: 'Olga', permissions: 'manage-guild' });
});
afterAll(async () => neighbours.stop());

function faultOf(cell: string): Fault {
  const fault = faults[cell];
  if (fault === undefined) throw new Error(`nothing is wrong with ${cell}`);
  return fault(neighbours.elsewhere.url);
}

/** Counts the thread's messages that mention this version of the cell's package. */
const countTold = (cell: string, version: string): number =>
  standing(discord).filter((message) => {
    const text = JSON.stringify(message);
    return text.includes(nameOf(cell)) && text.includes(version);
  }).length;

/**
 * Publishes this version of every package while the fault hits the first request of this kind about each. Whether that
 * request shows progress or the outcome depends on the speed of the machine.
 */
async function publishAll(
  version: string,
  isSpoilt: (method: string, body: string) => boolean,
): Promise<void> {
  const { world } = neighbours;
  const suffered = new Set<string>();
  door.setFaults(({ method, path, body }) => {
    if (!path.includes('/messages') || !isSpoilt(method, body)) return undefined;
    const cell = cells.find((known) => body.includes(`${slugOf(known)} · `) && !suffered.has(known));
    if (cell === undefined) return undefined;
    suffered.add(cell);
    return faultOf(cell);
  });
  const jobs = cells.map(async (cell) => {
    const files = unityPackage(nameOf(cell), version, { folder: 'Core' });
    const { attempts, status } = await world.publish({ files }, { repository: slugOf(cell) });
    return `${status} ${attempts}`;
  });
  expect(new Set(await Promise.all(jobs))).toEqual(new Set(['published 1']));
  const waiting = 'select count(*) from outbox where sent_at is null';
  await vi.waitUntil(() => readCount(world, waiting) === 0, within);
  door.clear();
  expect([...suffered].sort()).toEqual([...cells].sort());
  expect(cells.filter((cell) => countTold(cell, version) !== 1)).toEqual([]);
}

describe('while Discord’s answers are spoilt on their way', () => {
  it('every package is published, and announced once, when the answer to a message was spoilt', async () => {
    await publishAll('1.0.0', (method) => method === 'POST');
    expect(standing(discord).filter(isTitled(success))).toHaveLength(cells.length);
    expect(standing(discord)).toHaveLength(cells.length);
  });

  it('every package is published, and announced once, when the answer to the last edit of a live message was spoilt', async () => {
    slowDown(neighbours.world);
    await publishAll('1.1.0', (method, body) => method === 'PATCH' && body.includes(success));
    neighbours.world.proxy.clear();
    expect(standing(discord).filter(isTitled(success))).toHaveLength(2 * cells.length);
    expect(standing(discord)).toHaveLength(2 * cells.length);
  });
});

/** Returns what a person reads who typed `/status` while the fault hits the first request of this kind. */
async function ask(request: RegExp, fault: Fault): Promise<Outcome> {
  let left = 1;
  door.setFaults(({ method, path }) => (request.test(`${method} ${path}`) && left-- > 0 ? fault : undefined));
  const outcome = await discord.command({ name: 'status', user: olga });
  door.clear();
  return outcome;
}

/** Faults under which our answer comes too late or never, so that Discord itself says "did not respond". */
const hopeless = new Set(['silent', 'late']);

describe('a person who types a command while Discord’s answers are spoilt', () => {
  it.each(cells.filter((cell) => !hopeless.has(cell)))(
    'is answered once although our first answer met “%s”',
    async (cell) => {
      const outcome = await ask(/^POST .*\/callback/, faultOf(cell));
      expect(outcome).toMatchObject({ type: 'deferred', followUps: [] });
      expect(JSON.stringify(outcome.embeds)).toContain('Repositories');
    },
  );

  it('reads Discord’s own “did not respond” when our first answer was too late', async () => {
    const { type, content } = await ask(/^POST .*\/callback/, { kind: 'delay', ms: 4_000 });
    expect([type, content]).toEqual(['none', '']);
  });

  it.each(cells)('is answered once although the final answer met “%s”', async (cell) => {
    const outcome = await ask(/^PATCH .*original/, faultOf(cell));
    expect(outcome).toMatchObject({ type: 'deferred', followUps: [] });
    expect(JSON.stringify(outcome.embeds)).toContain('Repositories');
  });
});

describe('after all faults of Discord’s answers', () => {
  it('nobody else got our token, /healthz stayed quick, and the process’s memory did not grow', () => {
    const { elsewhere, watch, world } = neighbours;
    expect(elsewhere.heard()).toEqual([]);
    expectCalm(watch);
    expect(world.process.output()).not.toContain(discord.botToken);
    // Tokens of interactions count as secrets: whoever has one may write in the bot's name for a quarter of an hour.
    const tokens = discord
      .requests()
      .map(({ path }) => /\/(?:callback|webhooks)\/?/.test(path) && path.split('/')[3]);
    expect(
      tokens.filter(
        (token) => token !== false && token !== undefined && world.process.output().includes(token),
      ),
    ).toEqual([]);
    expect(discord.violations()).toEqual([]);
    const bugs = world.process.lines().filter((line) => Number(line['level']) >= errorLevel);
    expect(bugs.filter(({ msg }) => msg !== 'an interaction failed')).toEqual([]);
  });
});
