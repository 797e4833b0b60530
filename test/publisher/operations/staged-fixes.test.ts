import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Parser } from 'tar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PackageReport } from '../../../src/domain/job/report.ts';
import type { CommitSha, FixMode, Slug } from '../../../src/domain/repository/repository.ts';
import { planRepair } from '../../../src/publisher/preflight/repair/plan-repair.ts';
import { readPackageAt } from '../../../src/publisher/preflight/repair/read-package.ts';
import { ask, packageFiles, type Studio, startStudio } from './studio.ts';

const by = 'discord:7';
const never = new AbortController().signal;
const script = 'Runtime/NoMeta.cs';
const meta = `${script}.meta`;
let studio: Studio;
let count = 0;

beforeAll(async () => {
  studio = await startStudio();
});

afterAll(async () => studio.stop());

interface Bad {
  readonly slug: string;
  readonly name: string;
  readonly commit: CommitSha;
}

/** Adds a registered repository whose only package lacks a meta. */
async function addBad(fixes: FixMode = 'staging'): Promise<Bad> {
  const slug = `studio/bad${++count}`;
  const name = `com.studio.bad${count}`;
  await studio.addRepository(slug, { fixes });
  return { slug, name, commit: push({ slug, name }, '1.0.0') };
}

function push({ slug, name }: Pick<Bad, 'slug' | 'name'>, version: string): CommitSha {
  const flaw = { [`Packages/${name}/${script}`]: 'class NoMeta {}\n' };
  return studio.commit(slug, { ...packageFiles(name, version), ...flaw });
}

async function publish(slug: string): Promise<PackageReport> {
  const queued = await studio.operations.requestPublish(ask({ kind: 'repository', slug }));
  if (queued.kind !== 'queued') throw new Error(`not queued: ${queued.kind}`);
  await studio.runJobs();
  const found = await studio.operations.describeJob(queued.job);
  const [only] = found.kind === 'job' ? found.report.packages : [];
  if (only === undefined) throw new Error('no package');
  return only;
}

/** Returns the files of the tarball that the registry serves. */
async function download(name: string, version = '1.0.0'): Promise<ReadonlyMap<string, string>> {
  const contents = new Map<string, string>();
  const reading: Promise<void>[] = [];
  const parser = new Parser({
    onReadEntry: (entry) => {
      const path = entry.path.replace(/^package\//, '');
      reading.push(entry.concat().then((bytes) => void contents.set(path, bytes.toString())));
    },
  });
  const answer = await fetch(`${studio.elsewhere.registry}${name}/-/${name}-${version}.tgz`);
  await pipeline(Readable.from([Buffer.from(await answer.arrayBuffer())]), parser);
  await Promise.all(reading);
  return contents;
}

/** Returns what Propose fix would write, by path. */
async function propose({ slug, name, commit }: Bad, { findings, path }: PackageReport) {
  const { repositories } = studio.parts.store;
  const repository = await repositories.findBySlug(slug as Slug);
  if (repository === undefined) throw new Error('not registered');
  const { source } = studio.parts.pipeline;
  const tree = await source.listTree(repository.id, commit, never);
  const found = await readPackageAt(source, tree, { repository, name, path }, findings, never);
  const { changes } = planRepair(found.package, findings);
  return new Map(
    changes.map((change) => [change.path, change.kind === 'written' ? change.content : undefined]),
  );
}

describe('a problem that could be repaired without judgement', () => {
  it('stops a package while its repository has fixes off, as at its registration', async () => {
    const { slug } = await addBad('off');
    const only = await publish(slug);
    expect(only).toMatchObject({ outcome: 'failed', reason: 'preflight-rejected', warnings: [] });
    expect(only.findings).toMatchObject([{ rule: 'meta.missing', severity: 'block', file: script }]);
  });

  it('is repaired while packing where the repository allows that, with exactly the files of a proposed fix', async () => {
    const bad = await addBad();
    const only = await publish(bad.slug);
    expect(only).toMatchObject({
      outcome: 'published',
      additions: expect.arrayContaining([meta]),
      findings: [{ rule: 'meta.missing', severity: 'warn', loweredBy: 'repair', file: script }],
    });
    const packed = (await download(bad.name)).get(meta);
    expect(packed).toMatch(/^guid: [0-9a-f]{32}$/m);
    expect((await propose(bad, only)).get(meta)).toBe(packed);
  });

  it('is repaired in a dry run as it is later, to the byte', async () => {
    const { slug } = await addBad();
    const plan = await studio.operations.planPublish(ask({ kind: 'repository', slug }), never);
    const planned = plan.kind === 'plan' ? plan.packages[0] : undefined;
    const { additions, warnings, findings, integrity } = await publish(slug);
    expect(integrity).toMatch(/^sha512-/);
    expect(planned).toMatchObject({ additions, warnings, findings, integrity });
  });

  it('does not count as one that the version before had, because that version was published without it', async () => {
    const bad = await addBad();
    await publish(bad.slug);
    const guid = /^guid: .*$/m.exec((await download(bad.name)).get(meta) ?? '')?.[0];
    push(bad, '1.0.1');
    expect(await publish(bad.slug)).toMatchObject({ outcome: 'published' });
    expect((await download(bad.name, '1.0.1')).get(meta)).toContain(guid);
    await studio.operations.changeRepository(bad.slug, { fixes: 'off' }, by);
    push(bad, '1.0.2');
    expect(await publish(bad.slug)).toMatchObject({ outcome: 'failed', reason: 'preflight-rejected' });
  });
});
