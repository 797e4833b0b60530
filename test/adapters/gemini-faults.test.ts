import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Fault, type FaultProxy, startFaultProxy } from '../../sandbox/fault-proxy.ts';
import { type Gemini, startGemini } from '../../sandbox/gemini.ts';
import { systemClock } from '../../src/adapters/system/system-clock.ts';
import { buildGeminiChangelog } from '../../src/adapters/wording/gemini-changelog.ts';
import { type Canary, startCanary } from '../faults/canary.ts';

const never = new AbortController().signal;
const logger = { debug() {}, info() {}, warn() {}, error() {} };
const changes = [{ number: 1, text: 'Open doors' }];
const packages = [{ id: 1, name: 'com.studio.core', version: '1.1.0', changes }];
let gemini: Gemini;
let proxy: FaultProxy;
let elsewhere: Canary;

beforeAll(async () => {
  gemini = await startGemini();
  proxy = await startFaultProxy({ target: gemini.url });
  elsewhere = await startCanary();
});
afterAll(async () => {
  await proxy.stop();
  await gemini.stop();
  await elsewhere.stop();
});
beforeEach(() => proxy.clear());

async function word(fault: () => Fault, signal = never): Promise<unknown> {
  proxy.setFaults(fault);
  const { key, model } = gemini;
  const apiUrl = proxy.url.replace(/\/$/, '');
  return buildGeminiChangelog({ apiKey: () => key, model, apiUrl, clock: systemClock, logger }).word(
    packages,
    signal,
  );
}

const headers = { 'content-type': 'application/json' };
const answer = (body: unknown, status = 200) =>
  ({ kind: 'status', status, headers, body: JSON.stringify(body) }) as const;
const anotherForm = 'answered in another form than it was asked to';

describe('a model that answers', () => {
  const faults: readonly (readonly [string, () => Fault, string])[] = [
    ['with half of it', () => ({ kind: 'half-answer' }), 'could not be reached'],
    ['and hangs up before that', () => ({ kind: 'store-then-drop' }), 'could not be reached'],
    ['without an end', () => ({ kind: 'endless' }), 'answered at far too great a length'],
    [
      'an error without an end',
      () => ({ kind: 'endless', status: 500 }),
      'answered at far too great a length',
    ],
    // Gemini's library itself fails on this answer.
    ['no object at all', () => answer(null), 'could not be reached'],
    ['other JSON', () => answer({ message: 'Welcome' }), 'answered nothing'],
    ['a candidate that is none', () => answer({ candidates: 'none' }), 'answered nothing'],
    ['parts that are none', () => answer({ candidates: [{ content: { parts: 'none' } }] }), anotherForm],
    [
      'parts of another kind',
      () => answer({ candidates: [{ content: { parts: [null, { text: 7 }] } }] }),
      anotherForm,
    ],
    ['that the key is wrong', () => answer({}, 401), 'refuses our key (HTTP 401)'],
    ['that the key may not', () => answer({}, 403), 'refuses our key (HTTP 403)'],
    ['that it cannot work with this', () => answer({}, 422), 'answered HTTP 422'],
    ['that it is asked too often', () => answer({}, 429), 'answered HTTP 429'],
    [
      'that it has moved',
      () => ({ kind: 'redirect', status: 307, to: elsewhere.url }),
      'could not be reached',
    ],
  ];

  it.each(faults)('%s is asked once, and its answer is not used', async (_how, fault, why) => {
    expect(await word(fault)).toEqual({ kind: 'unavailable', why });
    expect(proxy.requests()).toHaveLength(1);
    expect(elsewhere.heard()).toEqual([]);
  });

  it.each<[string, Fault]>([
    ['not at all', { kind: 'hang' }],
    ['a byte now and then', { kind: 'dribble', chunkBytes: 1, everyMs: 200 }],
  ])('%s is given up when the budget is used up', async (_how, fault) => {
    const said = await word(() => fault, AbortSignal.timeout(400));
    expect(said).toEqual({ kind: 'unavailable', why: 'did not answer in time' });
  });

  it('without an end is not read to the end', async () => {
    const sent = Promise.withResolvers<number>();
    await word(() => ({ kind: 'endless', closed: sent.resolve }));
    expect(await sent.promise).toBeLessThan(32 * 1024 * 1024);
  });

  it('late, but within the budget, is used', async () => {
    expect(await word(() => ({ kind: 'delay', ms: 200 }))).toMatchObject({ kind: 'worded' });
  });
});
