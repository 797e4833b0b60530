import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Outage } from '../../src/domain/failure/failure.ts';
import { findRegistryWarning } from '../../src/domain/package/registry-address.ts';
import { buildCredentialCheckJob } from '../../src/jobs/credential-check.ts';
import type { PutAnswer, Registry, Upload } from '../../src/ports/registry.ts';
import { buildReadiness } from '../../src/publisher/queue/readiness.ts';
import { listExpiring, type ProbeAnswer } from '../../src/publisher/watch/upkeep/check-credentials.ts';
import { proveToken } from '../../src/publisher/watch/upkeep/prove-credential.ts';
import { silent } from '../bot/thread-fixture.ts';
import { type JobWorld, openJobWorld } from './job-world.ts';

type Proving = Pick<Registry, 'put' | 'setDistTag' | 'probe'>;

const dayMs = 86_400_000;
const taken: ProbeAnswer = { kind: 'taken' };
const refused: ProbeAnswer = { kind: 'refused', why: 'HTTP 401 for a-secret' };
let world: JobWorld;

beforeEach(async () => {
  world = await openJobWorld(Date.parse('2026-03-10T07:40Z'));
});
afterEach(async () => world.remove());

/** Runs the next day's check; the arguments are the neighbours' answers, or how they fail to answer. */
async function check(
  registry: ProbeAnswer | (() => Promise<ProbeAnswer>),
  github: ProbeAnswer = taken,
  url = 'https://registry.studio.test/',
): Promise<Readonly<Record<string, number>>> {
  world.clock.skipTo(world.clock.now() + dayMs);
  const { credentialMemory, findings } = world.store();
  const job = buildCredentialCheckJob({
    clock: world.clock,
    credentialMemory,
    findings,
    credentialDeadlineMs: 20,
    registryWarning: findRegistryWarning(url),
    credentialProbes: [
      {
        name: 'registry',
        remedy: 'Renew NPM_TOKEN.',
        ask: typeof registry === 'function' ? registry : async () => registry,
      },
      { name: 'github', remedy: 'Renew GITHUB_TOKEN.', ask: async () => github },
    ],
  });
  const context = { cause: 'due', dueAt: 0, signal: new AbortController().signal } as const;
  return (await job.run(context)).counts;
}

async function told(): Promise<readonly string[]> {
  return (await world.listAnnounced()).map((item) =>
    item.kind === 'monitoring-notice' ? `${item.tone}: ${item.title}. ${item.detail}` : item.kind,
  );
}

async function readRegistry(): Promise<string> {
  const { botMemory: memory, credentialMemory: credentials, keeper } = world.store();
  const parts = { clock: world.clock, keeper, memory, credentials, outages: { list: () => [] } };
  const { registry } = await buildReadiness({ ...parts, discord: undefined, isGeminiConfigured: true })();
  return `${registry.state} ${registry.since}`;
}

const isRefused =
  'trouble: A credential is refused: the registry’s token. HTTP 401 for ***. Renew NPM_TOKEN.';
const worksAgain = 'good: A credential works again: the registry’s token. Nothing is left to do.';

describe('the job credential-check', () => {
  it('announces nothing while all credentials are accepted', async () => {
    expect(await check(taken)).toEqual({ checked: 2, refused: 0, unknown: 0, expiring: 0 });
    expect(await told()).toEqual([]);
    expect(await readRegistry()).toMatch(/^ok /);
  });

  it('announces once that one is refused, however often, with whatever message and after whatever outage', async () => {
    expect(await check(refused)).toEqual({ checked: 2, refused: 1, unknown: 0, expiring: 0 });
    await check({ kind: 'refused', why: 'HTTP 403' });
    await check({ kind: 'unknown' });
    await world.kill();
    await check(refused);
    expect(await told()).toEqual([isRefused]);
    expect(await readRegistry()).toBe('degraded 2026-03-11T07:40:00.000Z');
  });

  it('announces once that it works again, and once more when it fails again', async () => {
    await check(refused);
    await check(taken);
    await check(taken);
    expect(await told()).toEqual([isRefused, worksAgain]);
    expect(await readRegistry()).toMatch(/^ok /);
    await check(refused);
    expect(await told()).toEqual([isRefused, worksAgain, isRefused]);
  });

  it('learns, and announces, that a refused credential works from its first successful use, not from the next check', async () => {
    await check(refused);
    const { credentialMemory, findings } = world.store();
    let answer: PutAnswer = { kind: 'credentials', detail: 'HTTP 401' };
    const registry = proveToken<Proving>(
      {
        put: async () => answer,
        setDistTag: async () => undefined,
        probe: async () => Promise.reject(new Outage('registry', 'credentials', 'HTTP 401')),
      },
      { credentialMemory, findings, logger: silent },
    );
    const { signal } = new AbortController();
    const put = async () => registry.put({} as Upload, signal);
    expect(await put()).toBe(answer);
    await expect(registry.probe(signal)).rejects.toMatchObject({ kind: 'credentials' });
    expect(await readRegistry()).toMatch(/^degraded /);
    world.clock.skipTo(world.clock.now() + 60_000);
    answer = { kind: 'accepted' };
    expect(await put()).toBe(answer);
    expect(await readRegistry()).toMatch(/^ok /);
    expect(await told()).toEqual([isRefused, worksAgain]);
    await registry.setDistTag('com.studio.core', 'latest', '1.0.0', signal);
    await check(taken);
    expect(await told()).toEqual([isRefused, worksAgain]);
  });

  it('does not make that use fail when the result cannot be stored', async () => {
    const full = async () => Promise.reject(new Error('disk full'));
    const parts = { credentialMemory: { markTaken: full }, findings: { settle: full }, logger: silent };
    const accepted: PutAnswer = { kind: 'accepted' };
    const done = async () => undefined;
    const registry = proveToken<Proving>({ put: async () => accepted, setDistTag: done, probe: done }, parts);
    expect(await registry.put({} as Upload, new AbortController().signal)).toBe(accepted);
  });

  it('announces once that the public registry of npm will end direct publishing, and what works there', async () => {
    await check(taken, taken, `https://registry${'.'}npmjs.org/`);
    await check(taken, taken, `https://registry${'.'}npmjs.org/`);
    const [only, ...more] = await told();
    expect(more).toEqual([]);
    expect(only).toContain('trouble: The registry will end the way we publish.');
    expect(only).toContain('npm stage publish');
    await check(taken);
    expect(await told()).toHaveLength(1);
  });

  it('is not held up by a probe that hangs, and concludes nothing from a probe that throws', async () => {
    await check(refused);
    const hangs = async (signal?: AbortSignal): Promise<ProbeAnswer> =>
      new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    expect(await check(hangs)).toMatchObject({ refused: 0, unknown: 1 });
    const throws = async (): Promise<ProbeAnswer> => {
      throw new Error('a-secret');
    };
    expect(await check(throws)).toMatchObject({ refused: 0, unknown: 1 });
    expect(await told()).toEqual([isRefused]);
    expect(await readRegistry()).toMatch(/^degraded /);
  });

  it('announces an expiry 14, 7 and 1 day before, each once, while the digest lists it from the first on', async () => {
    const expiresAt = world.clock.now() + 17.5 * dayMs;
    const days: number[] = [];
    for (let day = 1; day <= 17; day++) {
      const before = (await told()).length;
      const { expiring } = await check(taken, { kind: 'taken', expiresAt });
      if ((await told()).length > before) days.push(day);
      const listed = await listExpiring(world.store().credentialMemory, world.clock.now());
      expect(listed).toEqual(day < 4 ? [] : [{ what: 'the credentials for GitHub', expiresAt }]);
      expect(expiring).toBe(listed.length);
    }
    expect(days).toEqual([4, 11, 17]);
    const until = 'It works until 2026-03-27 19:40 UTC. Renew GITHUB_TOKEN.';
    expect(await told()).toEqual(
      ['14 days', '7 days', 'a day'].map(
        (left) => `trouble: A credential ends within ${left}: the credentials for GitHub. ${until}`,
      ),
    );
  });

  it('announces nothing about an expiry that was postponed, and announces the next one', async () => {
    const soon = world.clock.now() + 3 * dayMs;
    await check(taken, { kind: 'taken', expiresAt: soon });
    await check(taken, { kind: 'taken', expiresAt: soon + 90 * dayMs });
    expect(await told()).toHaveLength(1);
    expect(await listExpiring(world.store().credentialMemory, world.clock.now())).toEqual([]);
    world.clock.skipTo(soon + 80 * dayMs);
    await check(taken, { kind: 'taken', expiresAt: soon + 90 * dayMs });
    expect(await told()).toHaveLength(2);
  });
});
