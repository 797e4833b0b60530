import { describe, expect, it } from 'vitest';
import type { Fault } from '../../sandbox/fault-proxy.ts';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import type { JobReport } from '../../src/domain/job/report.ts';
import { startPipelineWorld } from '../world/pipeline-world.ts';
import {
  countPuts,
  name,
  publish,
  published,
  readStored,
  spoilPuts,
  summarise,
  usePipelineWorld,
  world,
} from './spoilt-registry.ts';

const json = { 'content-type': 'application/json' };
const unauthorized: Fault = { kind: 'status', status: 401, when: 'after-body' };
const forbidden: Fault = { kind: 'status', status: 403, when: 'after-body' };
const wantsPassword: Fault = { kind: 'status', status: 401, headers: { 'npm-otp': 'required' } };

usePipelineWorld();

const next = async (version: string): Promise<JobReport> =>
  (await world.publish(unityPackage(name, version, { folder: `Packages/${name}` }))).job;

function reasonOf(job: JobReport): string | null | undefined {
  return job.packages.find((item) => item.name === name)?.reason;
}

describe('a registry that knows our token and does not let it publish', () => {
  it.each([
    ['401', unauthorized, 'registry-forbidden'],
    ['403', forbidden, 'registry-forbidden'],
    ['401 and a one-time password', wantsPassword, 'registry-requires-otp'],
  ] as const)(
    '(%s) is sent one upload; the package fails, and its dependents are held',
    async (_, fault, reason) => {
      const dependent = `${name}.extra`;
      spoilPuts(fault, 99);
      const { job } = await world.publish({
        ...unityPackage(name, '1.0.0', { folder: `Packages/${name}` }),
        ...unityPackage(dependent, '1.0.0', {
          folder: `Packages/${dependent}`,
          dependencies: { [name]: '1.0.0' },
        }),
      });
      expect(job).toMatchObject({ status: 'failed', attempts: 1 });
      expect(reasonOf(job)).toBe(reason);
      expect(job.packages.find((item) => item.name === dependent)?.outcome).toBe('held');
      expect(countPuts()).toBe(1);
      expect(await readStored()).toBeUndefined();
    },
  );

  it('with 401 gets no upload of any later version until a person asks, which allows one', async () => {
    spoilPuts(unauthorized, 99);
    await publish();
    for (const version of ['1.0.1', '1.1.0', '2.0.0']) {
      const job = await next(version);
      expect(reasonOf(job)).toBe('registry-forbidden');
      expect(job.packages.find((item) => item.name === name)?.title).toContain('refused 1.0.0 at');
    }
    expect(countPuts()).toBe(1);
    const { job } = await world.publishAs(
      'discord:1',
      unityPackage(name, '2.0.1', { folder: `Packages/${name}` }),
    );
    expect(reasonOf(job)).toBe('registry-forbidden');
    expect(countPuts()).toBe(2);
    world.proxy.setFaults(() => undefined);
    const granted = await world.publishAs(
      'discord:1',
      unityPackage(name, '2.0.2', { folder: `Packages/${name}` }),
    );
    expect(granted.job.status).toBe('published');
    expect(await next('2.0.3')).toMatchObject({ status: 'published' });
  });

  it('with 403 may have meant only that version: the next version is tried, and no further one', async () => {
    spoilPuts(forbidden, 99);
    await publish();
    for (const version of ['1.0.1', '1.1.0', '2.0.0'])
      expect(reasonOf(await next(version))).toBe('registry-forbidden');
    expect(countPuts()).toBe(2);
  });

  it('publishes the version after a forbidden one', async () => {
    spoilPuts(forbidden, 1);
    await publish();
    expect(await next('1.0.1')).toMatchObject({ status: 'published' });
  });

  it('is sent another upload as soon as the token has changed', async () => {
    spoilPuts(unauthorized, 1);
    const failed = await publish();
    expect(reasonOf(failed.job)).toBe('registry-forbidden');
    world.changeToken();
    expect(await summarise(await world.again(failed))).toEqual(published(1, 2));
  });
});

describe('a registry that does not know our token any more', () => {
  it('parks the job instead, and decides nothing', async () => {
    let puts = 0;
    world.proxy.setFaults(({ method, path }) => {
      if (method === 'PUT') puts++;
      if (path === '/-/whoami' && puts > 0) return { kind: 'status', status: 200, headers: json, body: '{}' };
      return method === 'PUT' ? unauthorized : undefined;
    });
    const parked = await publish();
    expect(parked.job).toMatchObject({ status: 'queued', waitingFor: 'registry', attempts: 0 });
    world.proxy.setFaults(() => undefined);
    expect(await summarise(await world.resume(parked))).toEqual(published(1, 2));
  });
});

describe('an hour of pushes to a registry that refuses every upload', () => {
  it('costs one upload for each name, one message for each push, and no banner', async () => {
    const own = await startPipelineWorld({ probes: true });
    try {
      own.proxy.setFaults(({ method }) => (method === 'PUT' ? unauthorized : undefined));
      for (let minor = 0; minor < 4; minor++) {
        const { job } = await own.publish(unityPackage('com.studio.core', `1.${minor}.0`));
        expect(job).toMatchObject({ status: 'failed', attempts: 1 });
        await own.clock.sleep(15 * 60_000);
      }
      expect(own.proxy.requests().filter(({ method }) => method === 'PUT')).toHaveLength(1);
      expect((await own.announcements()).map(({ kind }) => kind)).toEqual(Array(4).fill('job-finished'));
    } finally {
      await own.stop();
    }
  });
});
