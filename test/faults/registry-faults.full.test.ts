import { describe, expect, it } from 'vitest';
import type { Fault } from '../../sandbox/fault-proxy.ts';
import {
  countPuts,
  name,
  publish,
  published,
  readStored,
  spoilPuts,
  spoilReads,
  summarise,
  usePipelineWorld,
  world,
} from './spoilt-registry.ts';

const minuteMs = 60_000;

usePipelineWorld();

describe('a PUT that the registry did not accept', () => {
  // The back-off of a second attempt is 2 s ± 20 %, after the time in which the first PUT may still land.
  const untaken: readonly (readonly [string, Fault, number, number])[] = [
    ['503 before the body', { kind: 'status', status: 503, when: 'before-body' }, 1.6, 2.4],
    ['503 after the body', { kind: 'status', status: 503, when: 'after-body' }, 1.6, 2.4],
    ['429 with Retry-After', { kind: 'status', status: 429, headers: { 'retry-after': '90' } }, 90, 90],
    ['a reset', { kind: 'reset', when: 'before-forwarding' }, 15, 20],
    ['500 after the body', { kind: 'status', status: 500, when: 'after-body' }, 15, 20],
    ['200 and a page', { kind: 'html-200' }, 15, 20],
    ['no answer at all', { kind: 'hang' }, 120, 140],
  ];
  it.each(untaken)(
    'is sent once more after %s, not before it can no longer land',
    async (_, fault, atLeastSeconds, atMostSeconds) => {
      const times = spoilPuts(fault, 1);
      expect(await summarise(await publish())).toEqual(published(2, 2));
      const [first = 0, second = 0] = times;
      expect(second - first).toBeGreaterThanOrEqual(atLeastSeconds * 1_000);
      expect(second - first).toBeLessThanOrEqual(atMostSeconds * 1_000);
    },
  );
});

describe('a PUT that was stored, whatever was answered', () => {
  const stored: readonly (readonly [string, Fault])[] = [
    ['a torn connection', { kind: 'store-then-drop' }],
    ['502', { kind: 'store-then-status', status: 502 }],
    ['503', { kind: 'store-then-status', status: 503 }],
    ['409', { kind: 'store-then-status', status: 409 }],
    ['401', { kind: 'store-then-status', status: 401 }],
    ['403', { kind: 'store-then-status', status: 403 }],
    ['half an answer', { kind: 'half-answer' }],
    ['a slow answer', { kind: 'dribble', chunkBytes: 8, everyMs: 10 }],
    ['no answer', { kind: 'store-then-hang' }],
  ];
  it.each(stored)('is published with one PUT after %s', async (_, fault) => {
    spoilPuts(fault, 5);
    expect(await summarise(await publish())).toEqual(published(1, 1));
  });
});

describe('a version that is not visible yet', () => {
  it('is read until it is visible, without a second PUT', async () => {
    spoilReads({ kind: 'hide-version', version: '1.0.0' }, 'after-put', 40);
    expect(await summarise(await publish())).toEqual(published(1, 1));
  });

  it('is reported after ten minutes, and found as ours when a person asks again', async () => {
    spoilReads({ kind: 'hide-version', version: '1.0.0' }, 'after-put', Number.POSITIVE_INFINITY);
    const startedAt = world.clock.now();
    const failed = await publish();
    expect(failed.job.packages).toContainEqual(
      expect.objectContaining({ name, outcome: 'failed', reason: 'registry-did-not-store' }),
    );
    expect(world.clock.now() - startedAt).toBeGreaterThanOrEqual(10 * minuteMs);
    world.proxy.setFaults(() => undefined);
    expect(await summarise(await world.again(failed))).toEqual(published(1, 1));
  });

  it('is sent again on a person’s request when the registry only claimed to have stored it', async () => {
    spoilPuts({ kind: 'accept-without-forwarding' }, 1);
    const failed = await publish();
    expect(await summarise(failed)).toMatchObject({
      status: 'failed',
      reason: 'registry-did-not-store',
      attempts: 1,
      puts: 1,
      isStored: false,
    });
    const recorded = failed.job.packages.find((item) => item.name === name)?.integrity;
    expect(await summarise(await world.again(failed))).toEqual(published(1, 2));
    expect(await readStored()).toBe(recorded);
  });
});

describe('a PUT that is refused', () => {
  const refused: readonly (readonly [number, string])[] = [
    [403, 'registry-forbidden'],
    [413, 'registry-rejected-package'],
    [422, 'registry-rejected-package'],
    [409, 'registry-conflict'],
  ];
  it.each(refused)('with %i is not repeated automatically', async (status, reason) => {
    spoilPuts({ kind: 'status', status, when: 'after-body' }, 9);
    expect(await summarise(await publish())).toMatchObject({
      status: 'failed',
      outcome: 'failed',
      reason,
      attempts: 1,
      puts: 1,
      isStored: false,
    });
  });

  it('with 413 names the limit that has to be raised', async () => {
    spoilPuts({ kind: 'status', status: 413, when: 'before-body' }, 9);
    const { job } = await publish();
    const shown = job.packages.find((item) => item.name === name);
    expect(shown?.remedy).toContain('max_body_size');
  });

  it('with 503 five times fails as registry-busy', async () => {
    spoilPuts({ kind: 'status', status: 503, when: 'before-body' }, 99);
    expect(await summarise(await publish())).toMatchObject({
      status: 'failed',
      reason: 'registry-busy',
      attempts: 5,
      puts: 5,
      isStored: false,
    });
  });
});

describe('a registry that cannot be read', () => {
  const unreadable: readonly (readonly [string, Fault])[] = [
    ['500', { kind: 'status', status: 500 }],
    ['429', { kind: 'status', status: 429, headers: { 'retry-after': '30' } }],
    ['401', { kind: 'status', status: 401 }],
    ['a page with 200', { kind: 'html-200' }],
    [
      'a page with 404',
      {
        kind: 'status',
        status: 404,
        headers: { 'content-type': 'text/html' },
        body: '<h1>Not found</h1>',
      },
    ],
    ['a reset', { kind: 'reset', when: 'before-forwarding' }],
    ['no answer at all', { kind: 'hang' }],
    ['half an answer', { kind: 'half-answer' }],
    // So slow that even the shortest answer, that of a probe, takes longer than the reader waits.
    ['a slow answer', { kind: 'dribble', chunkBytes: 1, everyMs: 500 }],
  ];

  it.each(unreadable)(
    '(%s) parks the job before anything is sent, and publishes it later',
    async (_, fault) => {
      spoilReads(fault, 'before-put', Number.POSITIVE_INFINITY, 'everything');
      const parked = await publish();
      expect(parked.job).toMatchObject({ status: 'queued', waitingFor: 'registry', attempts: 0 });
      expect(countPuts()).toBe(0);
      world.proxy.setFaults(() => undefined);
      expect(await summarise(await world.resume(parked))).toEqual(published(1, 1));
    },
  );

  it.each(unreadable)('(%s) after the PUT is waited for, and nothing is sent twice', async (_, fault) => {
    spoilReads(fault, 'after-put', Number.POSITIVE_INFINITY, 'everything');
    const parked = await publish();
    expect(parked.job).toMatchObject({ status: 'queued', waitingFor: 'registry', attempts: 0 });
    expect(parked.job.packages.filter((item) => item.outcome === 'failed')).toEqual([]);
    world.proxy.setFaults(() => undefined);
    expect(await summarise(await world.resume(parked))).toEqual(published(1, 1));
  });

  // Leaves out faults that take the whole timeout for each of many looks.
  const prompt = unreadable.filter(([, { kind }]) => kind !== 'hang' && kind !== 'dribble');
  it.each(prompt)(
    '(%s) only for this name after the PUT fails it, and it is found as ours when a person asks again',
    async (_, fault) => {
      spoilReads(fault, 'after-put', Number.POSITIVE_INFINITY);
      const failed = await publish();
      const shown = failed.job.packages.find((item) => item.name === name);
      expect(shown).toMatchObject({
        outcome: 'failed',
        reason: expect.stringMatching(/^registry-name-(forbidden|unreadable|unavailable)$/),
      });
      expect(countPuts()).toBe(1);
      world.proxy.setFaults(() => undefined);
      expect(await summarise(await world.again(failed))).toEqual(published(1, 1));
    },
  );

  it('only for this name, and only for a while after the PUT, is waited for and is no failure', async () => {
    spoilReads({ kind: 'status', status: 500 }, 'after-put', 8);
    expect(await summarise(await publish())).toEqual(published(1, 1));
  });
});
