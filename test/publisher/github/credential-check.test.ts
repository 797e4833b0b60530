import { describe, expect, it } from 'vitest';
import { Outage } from '../../../src/domain/failure/failure.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { buildCredentialCheck } from '../../../src/publisher/github/credential-check.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** Answers one probe after the other; time passes when somebody sleeps, until `probes` are used up. */
async function watch(probes: readonly (Error | undefined)[], isConfigured = true) {
  const left = [...probes];
  const seen: { readonly state: string | undefined; readonly why: string | null | undefined }[] = [];
  const slept: number[] = [];
  const done = Promise.withResolvers<void>();
  let nowMs = Date.UTC(2026, 0, 1);
  const clock: Clock = {
    now: () => nowMs,
    monotonic: () => nowMs,
    sleep: async (ms, signal) => {
      slept.push(ms);
      nowMs += ms;
      const { state, why } = check.state() ?? {};
      seen.push({ state, why });
      if (left.length > 0) return;
      done.resolve();
      await new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    },
  };
  const probe = async (): Promise<undefined> => {
    const trouble = left.shift();
    if (trouble !== undefined) throw trouble;
  };
  const check = buildCredentialCheck({ clock, logger: silent, credentials: { probe }, isConfigured });
  expect(check.state()).toBeUndefined();
  check.start();
  await done.promise;
  const { since } = check.state() ?? {};
  await check.stop();
  return { seen, slept, since };
}

describe('the check of the git host’s credentials', () => {
  it('says since when they are refused, asks more often meanwhile, and notices when they are accepted again', async () => {
    const refused = new Outage('git-host', 'credentials', 'refused (HTTP 401)');
    const { seen, slept, since } = await watch([undefined, refused, refused, undefined]);
    expect(seen).toEqual([
      { state: 'ok', why: null },
      { state: 'down', why: 'refused (HTTP 401)' },
      { state: 'down', why: 'refused (HTTP 401)' },
      { state: 'ok', why: null },
    ]);
    expect(slept).toEqual([600_000, 60_000, 60_000, 600_000]);
    expect(since).toBe('2026-01-01T00:12:00.000Z');
  });

  it('says what it means to have none', async () => {
    const { seen } = await watch([undefined], false);
    expect(seen).toEqual([{ state: 'degraded', why: expect.stringContaining('GITHUB_TOKEN') }]);
  });

  it('survives a probe that fails in an unexpected way', async () => {
    const { seen } = await watch([new Error('x')]);
    expect(seen).toEqual([{ state: 'down', why: expect.stringContaining('did not answer') }]);
  });
});
