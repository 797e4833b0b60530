import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Fault, type FaultProxy, startFaultProxy } from '../../sandbox/fault-proxy.ts';
import { systemClock } from '../../src/adapters/system/system-clock.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { type CommandWorld, startCommandWorld, textOf } from './command-world.ts';
import { jobReport, row } from './sample-answers.ts';

const page = { 'content-type': 'text/html' };
const json = { 'content-type': 'application/json' };

/** Makes the pauses before a repeated answer take no time. */
const clock: Clock = {
  ...systemClock,
  sleep: async (ms, signal) => systemClock.sleep(ms <= 15_000 ? 10 : ms, signal),
};

let world: CommandWorld;
let proxy: FaultProxy;
/** Number of log lines that earlier tests wrote. */
let logged = 0;

beforeAll(async () => {
  world = await startCommandWorld({
    clock,
    doorOf: async (discord) => {
      proxy = await startFaultProxy({ target: new URL(discord.apiUrl).origin });
      return `${proxy.url}api`;
    },
  });
  world.fake.rows = [row('com.studio.core', 'ahead')];
  world.fake.jobs.set(12, jobReport(12));
});
afterEach(() => {
  proxy.clear();
  logged = world.log.length;
});
afterAll(async () => {
  await world.stop();
  await proxy.stop();
});

const isFirst = /^POST .*\/callback/;
const isEdit = /^PATCH .*\/messages\/(?:@|%40)original/;
const isFollowUp = /^POST .*\/webhooks\//;

/** Spoils this many of the matching requests. */
function spoil(request: RegExp, fault: Fault, times = 1): void {
  let left = times;
  proxy.setFaults(({ method, path }) =>
    request.test(`${method} ${path}`) && left-- > 0 ? fault : undefined,
  );
}

const countOf = (request: RegExp): number =>
  proxy.requests().filter(({ method, path }) => request.test(`${method} ${path}`)).length;
const errors = (): readonly string[] =>
  world.log
    .slice(logged)
    .filter(({ level }) => level === 'error')
    .map(({ message }) => message);
const answered = async (): Promise<string> => textOf(await world.run('status'));

const lost: readonly (readonly [string, Fault])[] = [
  ['a torn connection', { kind: 'store-then-drop' }],
  ['a page with 502', { kind: 'store-then-status', status: 502 }],
  ['a page with 200', { kind: 'store-then-status', status: 200 }],
  ['a page with 404', { kind: 'store-then-status', status: 404 }],
  ['nothing with 200', { kind: 'store-then-status', status: 200, headers: json, body: '' }],
  ['a 429 without a time', { kind: 'store-then-status', status: 429, headers: page }],
];

/** Faults before Discord has received the request. */
const unheard: readonly (readonly [string, Fault])[] = [
  ['a torn connection', { kind: 'reset', when: 'before-forwarding' }],
  ['a page with 200', { kind: 'html-200' }],
  ['a page with 503', { kind: 'status', status: 503, headers: page, body: '<h1>Away</h1>' }],
  ['a page with 403', { kind: 'status', status: 403, headers: page, body: '<h1>Blocked</h1>' }],
];

describe('a person who types a command, when the connection to Discord fails', () => {
  it.each(lost)(
    'is answered when Discord accepted our first answer but its reply was lost: %s',
    async (_what, fault) => {
      spoil(isFirst, fault);
      expect(await answered()).toContain('Repositories');
      expect([countOf(isFirst), errors()]).toEqual([2, []]);
    },
  );

  it.each(unheard)('is answered when our first answer met %s', async (_what, fault) => {
    spoil(isFirst, fault);
    expect(await answered()).toContain('Repositories');
    expect([countOf(isFirst), errors()]).toEqual([2, []]);
  });

  it.each([...lost, ...unheard])('reads the final answer when writing it met %s', async (_what, fault) => {
    spoil(isEdit, fault);
    expect(await answered()).toContain('Repositories');
    await vi.waitFor(() => expect(countOf(isEdit)).toBe(2));
    expect(errors()).toEqual([]);
  });

  it('keeps the answer when Discord never confirms it', async () => {
    spoil(isEdit, { kind: 'store-then-drop' }, 99);
    const outcome = await world.run('status');
    await vi.waitFor(() => expect(errors()).toEqual(['an interaction failed']), { timeout: 5_000 });
    expect(textOf(outcome)).toContain('Repositories');
    expect(outcome.followUps).toEqual([]);
  });

  it('gets no answer, and nothing is done, when Discord never received ours', async () => {
    spoil(isFirst, { kind: 'html-200' }, 99);
    const before = world.fake.countChanges();
    // Discord itself reports the failure to the person after three seconds.
    void world.run('publish', { repository: 'studio/one' });
    await vi.waitFor(() => expect(errors()).toEqual(['an interaction failed']));
    expect(world.fake.countChanges()).toBe(before);
    expect([countOf(isFirst), countOf(isEdit), countOf(isFollowUp)]).toEqual([3, 0, 0]);
  });

  it('reads one error when Discord itself refuses the answer', async () => {
    const refusal = JSON.stringify({ message: 'Invalid Form Body', code: 50_035 });
    spoil(isEdit, { kind: 'status', status: 400, headers: json, body: refusal });
    expect(await answered()).toMatch(/^Something failed here \(ref \d+\)/);
    expect(countOf(isEdit)).toBe(2);
  });
});

describe('a person who presses a button', () => {
  it('gets a single extra answer when Discord’s reply to it was lost', async () => {
    world.fake.rows = Array.from({ length: 11 }, (_, index) => row(`com.studio.p${index}`, 'ahead'));
    const list = await world.run('unpublished');
    proxy.clear();
    spoil(isFollowUp, { kind: 'store-then-drop' });
    const outcome = await world.discord.press(list.message?.id ?? '', 'v1:page:999-0', world.operator);
    await vi.waitFor(() => expect(errors()).toEqual(['an interaction failed']));
    expect(outcome.followUps).toHaveLength(1);
    expect(countOf(isFollowUp)).toBe(1);
  });
});
