import { type DiscordDouble, startDiscord } from 'discord-stand-in';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Fault, type FaultProxy, startFaultProxy } from '../../sandbox/fault-proxy.ts';
import { buildDiscordChannel } from '../../src/adapters/discord/discord-channel.ts';
import { systemClock } from '../../src/adapters/system/system-clock.ts';
import { ThreadTrouble } from '../../src/ports/announcements.ts';
import type { Channel, Message } from '../../src/ports/chat.ts';
import { type Canary, startCanary } from '../faults/canary.ts';

const tenMinutesMs = 10 * 60_000;
const message: Message = {
  content: 'Said once',
  embeds: [{ title: 'Once', color: 0, description: '', fields: [], footer: 'job 1', at: 0 }],
  buttons: [],
  files: [],
};
const json = { 'content-type': 'application/json' };
const page = { 'content-type': 'text/html' };

let discord: DiscordDouble;
let proxy: FaultProxy;
/** A foreign server, to which the token must not go. */
let elsewhere: Canary;
let channel: Channel;

beforeAll(async () => {
  elsewhere = await startCanary();
});
afterAll(async () => elsewhere.stop());
beforeEach(async () => {
  discord = await startDiscord();
  proxy = await startFaultProxy({ target: new URL(discord.apiUrl).origin });
  channel = open();
});
afterEach(async () => {
  await proxy.stop();
  await discord.stop();
});

function open(timeoutMs?: number): Channel {
  return buildDiscordChannel({
    apiUrl: `${proxy.url}api`,
    channelId: discord.threadId,
    token: () => discord.botToken,
    clock: systemClock,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
}

const post = async (): Promise<string> => channel.post(message, { nonce: 'a' });
const spoil = (fault: Fault): void => proxy.setFaults(() => fault);

/** Returns the ThreadTrouble with which a call fails. */
async function troubleOf(work: Promise<unknown>): Promise<ThreadTrouble> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ThreadTrouble) return error;
  throw new Error('no trouble was told', { cause: error });
}

const says = (status: number, headers: Readonly<Record<string, string>>, body: string): Fault => ({
  kind: 'store-then-status',
  status,
  headers,
  body,
});

/** Answers that are useless although Discord has carried out the request. */
const useless: Readonly<Record<string, () => Fault>> = {
  'half an answer': () => ({ kind: 'half-answer' }),
  'a torn connection': () => ({ kind: 'store-then-drop' }),
  'a page with 200': () => says(200, page, '<h1>Welcome</h1>'),
  'a page that says that it is JSON': () => says(200, json, '<h1>Welcome</h1>'),
  'nothing with 200': () => says(200, json, ''),
  'nothing with 204': () => ({ kind: 'store-then-status', status: 204, body: '' }),
  'other JSON': () => says(200, json, '{"message":"Welcome"}'),
  'no object at all': () => says(200, json, 'null'),
  'a page with 400': () => says(400, page, '<h1>Bad request</h1>'),
  'a page with 401': () => says(401, page, '<h1>Log in</h1>'),
  'a page with 403': () => says(403, page, '<h1>Blocked</h1>'),
  'a page with 404': () => says(404, page, '<h1>Not found</h1>'),
  'a page with 413': () => says(413, page, '<h1>Too large</h1>'),
  'JSON of a gate with 400': () => says(400, json, '{"error":"bad request"}'),
  'a page with 502': () => says(502, page, '<h1>Bad gateway</h1>'),
  'a length that is too short': () => says(200, { ...json, 'content-length': '7' }, '{"id":"12345678"}'),
  'a redirect to elsewhere': () => says(307, { location: elsewhere.url }, ''),
  'a redirect of a GET': () => says(302, { location: elsewhere.url }, ''),
};

describe.each(Object.entries(useless))('Discord, when it answers a request with %s', (_answer, fault) => {
  it('makes a post be repeated later, and the message appears once', async () => {
    spoil(fault());
    expect(await troubleOf(post())).toMatchObject({ kind: 'later', retryAfterMs: undefined });
    expect(proxy.requests()).toHaveLength(1);
    proxy.clear();
    expect(await post()).toBe(discord.messages()[0]?.id);
    expect(discord.messages()).toHaveLength(1);
    expect(elsewhere.heard()).toEqual([]);
  });

  it('makes an edit and a search be repeated later, and they then succeed', async () => {
    const id = await post();
    spoil(fault());
    const edited = { ...message, content: 'Edited' };
    expect(await troubleOf(channel.edit(id, edited))).toMatchObject({ kind: 'later' });
    expect(await troubleOf(channel.findOwn('job 1'))).toMatchObject({ kind: 'later' });
    expect(await troubleOf(channel.findOwn('job 2'))).toMatchObject({ kind: 'later' });
    proxy.clear();
    expect(await channel.edit(id, edited)).toBe(true);
    expect(await channel.findOwn('job 1')).toBe(id);
    expect(elsewhere.heard()).toEqual([]);
  });
});

describe('Discord, when its answer does not end', () => {
  it.each<[string, Fault]>([
    ['with its first byte', { kind: 'hang' }],
    ['with its body', { kind: 'dribble', chunkBytes: 1, everyMs: 100 }],
    ['with a body that is shorter than it says', says(200, { ...json, 'content-length': '999' }, '{}')],
  ])('%s is given up after the timeout', async (_what, fault) => {
    channel = open(300);
    spoil(fault);
    const startedAt = performance.now();
    expect(await troubleOf(post())).toMatchObject({ kind: 'later' });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  it.each([200, 400, 429, 502])('with a body of a %i is not read to the end', async (status) => {
    const sent = Promise.withResolvers<number>();
    spoil({ kind: 'endless', status, closed: sent.resolve });
    expect(await troubleOf(post())).toMatchObject({ kind: 'later' });
    expect(await sent.promise).toBeLessThan(64 * 1024 * 1024);
  });
});

describe('Discord, when it limits us with 429', () => {
  const limited = (headers: Readonly<Record<string, string>>, body = '{"message":"later"}'): Fault => ({
    kind: 'status',
    status: 429,
    headers: { ...json, ...headers },
    body,
  });

  it.each<[string, Fault]>([
    ['without saying until when', limited({})],
    ['with a page', limited({ ...page }, '<h1>Error 1015</h1>')],
    ['until the past', limited({ 'retry-after': '-5' })],
    ['until a word', limited({ 'retry-after': 'soon' })],
    ['for a century', limited({ 'retry-after': '3153600000' })],
    ['for ever', limited({ 'retry-after': '1e308' })],
    [
      'with everything, for a century',
      limited({ 'retry-after': '3153600000', 'x-ratelimit-global': 'true' }),
    ],
  ])('%s gets one request, and the next one within ten minutes', async (_what, fault) => {
    spoil(fault);
    const { kind, retryAfterMs } = await troubleOf(post());
    expect(kind).toBe('later');
    expect(retryAfterMs).toBeGreaterThanOrEqual(1_000);
    expect(retryAfterMs).toBeLessThanOrEqual(tenMinutesMs);
    expect(proxy.requests()).toHaveLength(1);
  });

  it('for no time at all, again and again, gets three requests and no more', async () => {
    spoil(limited({ 'retry-after': '0' }));
    const startedAt = performance.now();
    expect(await troubleOf(post())).toMatchObject({ kind: 'later', retryAfterMs: 1_000 });
    expect(proxy.requests()).toHaveLength(3);
    expect(performance.now() - startedAt).toBeGreaterThan(2_000);
  });

  it('and says how long, gets the message after that time', async () => {
    let left = 1;
    proxy.setFaults(() => (left-- > 0 ? limited({ 'retry-after': '1' }) : undefined));
    await post();
    expect(proxy.requests()).toHaveLength(2);
    expect(discord.messages()).toHaveLength(1);
  });

  it('for a century in the headers of good answers gets the next request within ten minutes', async () => {
    spoil(
      says(200, { ...json, 'x-ratelimit-remaining': '0', 'x-ratelimit-reset-after': '3153600000' }, '{}'),
    );
    await troubleOf(post());
    const { kind, retryAfterMs } = await troubleOf(post());
    expect(kind).toBe('later');
    expect(retryAfterMs).toBeLessThanOrEqual(tenMinutesMs);
  });
});

describe('a refusal by Discord itself', () => {
  it.each([
    [401, 0, 'blocked'],
    [403, 50_013, 'blocked'],
    [400, 50_035, 'refused'],
    [413, 40_005, 'refused'],
  ] as const)('with status %i and code %i is treated as %s', async (status, code, kind) => {
    spoil({ kind: 'status', status, headers: json, body: JSON.stringify({ message: 'No', code }) });
    expect(await troubleOf(post())).toMatchObject({ kind });
  });
});
