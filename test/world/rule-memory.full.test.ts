import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { create } from 'tar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { meta, type TreeFiles, unityPackage } from '../../sandbox/unity-repository.ts';
import type { PackageReport } from '../../src/domain/job/report.ts';
import type { Logger } from '../../src/ports/logger.ts';
import { fillIndex } from '../../src/publisher/preflight/guid-index/fill-index.ts';
import { putByHand } from './by-hand.ts';
import { type PipelineWorld, startPipelineWorld } from './pipeline-world.ts';

const silent: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
let world: PipelineWorld;

beforeAll(async () => {
  world = await startPipelineWorld();
});

afterAll(async () => world.stop());

const folderOf = (name: string): string => `Packages/${name}`;
const without = (files: TreeFiles, path: string): TreeFiles =>
  Object.fromEntries(Object.entries(files).filter(([known]) => known !== path));

/** Publishes as somebody does with npm. */
async function publishByHand(name: string, version: string, files: TreeFiles): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'by-hand-'));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, 'package', path)), { recursive: true });
    await writeFile(join(folder, 'package', path), content as string);
  }
  await create({ cwd: folder, gzip: true, file: join(folder, 'out.tgz') }, ['package']);
  const bytes = await readFile(join(folder, 'out.tgz'));
  await rm(folder, { recursive: true });
  const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  await putByHand(world.registry, { name, version }, { bytes, integrity });
}

async function publish(name: string, version: string, files: TreeFiles): Promise<PackageReport> {
  const placed = Object.fromEntries(
    Object.entries(files).map(([path, content]) => [`${folderOf(name)}/${path}`, content]),
  );
  const { job } = await world.publish(placed);
  const item = job.packages.find((known) => known.name === name && known.version === version);
  if (item === undefined) throw new Error(`${name} is not in the report`);
  return item;
}

describe('a blocking finding', () => {
  it('stops a package that is new', async () => {
    const name = 'com.studio.fresh';
    const files = without(unityPackage(name, '1.0.0'), 'Runtime/Example.cs.meta');
    expect(await publish(name, '1.0.0', files)).toMatchObject({
      outcome: 'failed',
      reason: 'preflight-rejected',
    });
  });

  it('does not stop a package that somebody else published with it before', async () => {
    const name = 'com.studio.old';
    await publishByHand(name, '1.0.0', without(unityPackage(name, '1.0.0'), 'Runtime/Example.cs.meta'));
    const item = await publish(
      name,
      '1.0.1',
      without(unityPackage(name, '1.0.1'), 'Runtime/Example.cs.meta'),
    );
    expect(item.outcome).toBe('published');
    expect(item.findings).toContainEqual(
      expect.objectContaining({ rule: 'meta.missing', severity: 'warn', loweredBy: 'ratchet' }),
    );
  });

  it('is remembered after our own publish, and so are the GUIDs', async () => {
    const name = 'com.studio.churn';
    expect((await publish(name, '1.0.0', unityPackage(name, '1.0.0'))).outcome).toBe('published');
    const files = { ...unityPackage(name, '1.0.1'), 'Runtime/Example.cs.meta': meta('another') };
    const item = await publish(name, '1.0.1', files);
    expect(item).toMatchObject({ outcome: 'failed', reason: 'preflight-rejected' });
    expect(item.findings).toContainEqual(
      expect.objectContaining({ rule: 'guid.churn', severity: 'block', file: 'Runtime/Example.cs.meta' }),
    );
  });
});

describe('a GUID of another package', () => {
  it('is reported with the package that has it', async () => {
    const [first, second] = ['com.studio.owner', 'com.studio.copy'];
    const files = unityPackage(first, '1.0.0');
    await publish(first, '1.0.0', files);
    const copied = {
      ...unityPackage(second, '1.0.0'),
      'Runtime/Example.cs.meta': files['Runtime/Example.cs.meta'] ?? '',
    };
    const item = await publish(second, '1.0.0', copied);
    expect(item.outcome).toBe('published');
    expect(item.findings).toContainEqual(
      expect.objectContaining({
        rule: 'guid.duplicate-in-registry',
        severity: 'warn',
        file: 'Runtime/Example.cs',
      }),
    );
  });
});

describe('the GUID index', () => {
  it('learns what a killed process could not write any more', async () => {
    const name = 'com.studio.gap';
    await publish(name, '1.0.0', unityPackage(name, '1.0.0'));
    const { guidIndex: index } = world.store;
    const before = await index.find(name, '1.0.0');
    await index.saveUnreadable({ name, version: '1.0.0' }, 'as if it had never been written');
    const later = {
      now: () => world.clock.now() + 30 * 24 * 3_600_000,
      monotonic: () => world.clock.now() + 30 * 24 * 3_600_000,
      sleep: async () => undefined,
    };
    const filled = await fillIndex(
      { preflight: world.preflight, clock: later, logger: silent },
      new AbortController().signal,
    );
    expect(filled).toMatchObject({ outage: undefined, unreadable: 0 });
    expect((await index.find(name, '1.0.0'))?.guids).toEqual(before?.guids);
  });
});

describe('the registry’s document', () => {
  it('says which repository, folder and commit a version comes from; the tarball says what was committed', async () => {
    const name = 'com.studio.origin';
    const repository = { type: 'git', url: 'https://elsewhere.test/fork.git' };
    await publish(name, '1.0.0', unityPackage(name, '1.0.0', { manifest: { repository } }));
    const document = await (await fetch(`${world.registry.url}${name}`)).json();
    const { '1.0.0': manifest } = (document as { versions: Record<string, Record<string, unknown>> })
      .versions;
    expect(manifest?.['repository']).toEqual({
      type: 'git',
      url: expect.stringMatching(/\/studio\/packages\.git$/),
      revision: manifest?.['gitHead'],
      directory: folderOf(name),
    });
  });
});
