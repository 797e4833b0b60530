import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, packageFiles, type Studio, startStudio } from './studio.ts';

const by = 'discord:7';
const never = new AbortController().signal;
let studio: Studio;
let count = 0;

beforeAll(async () => {
  studio = await startStudio();
});

afterAll(async () => studio.stop());

/** Adds a registered repository whose only package lacks a meta. */
async function addBad(): Promise<{ slug: string; name: string }> {
  const slug = `studio/bad${++count}`;
  const name = `com.studio.bad${count}`;
  await studio.addRepository(slug, {});
  const files = {
    ...packageFiles(name, '1.0.0'),
    [`Packages/${name}/Runtime/NoMeta.cs`]: 'class NoMeta {}\n',
  };
  studio.commit(slug, files);
  return { slug, name };
}

async function publish(slug: string) {
  const queued = await studio.operations.requestPublish(ask({ kind: 'repository', slug }));
  if (queued.kind !== 'queued') throw new Error(`not queued: ${queued.kind}`);
  await studio.runJobs();
  return queued.job;
}

async function packageOf(job: number) {
  const found = await studio.operations.describeJob(job);
  if (found.kind !== 'job') throw new Error('no such job');
  const [only] = found.report.packages;
  if (only === undefined) throw new Error('no package');
  return only;
}

describe('a package that preflight stops', () => {
  it('is published once its repository’s rule only warns, and the finding says so', async () => {
    const { slug } = await addBad();
    const first = await packageOf(await publish(slug));
    expect(first).toMatchObject({ outcome: 'failed', reason: 'preflight-rejected' });
    await studio.operations.changeRepository(slug, { rules: { 'meta.missing': 'warn' } }, by);
    const next = await packageOf(await publish(slug));
    expect(next).toMatchObject({ outcome: 'published' });
    expect(next.findings).toMatchObject([
      { rule: 'meta.missing', file: 'Runtime/NoMeta.cs', severity: 'warn', loweredBy: 'repository' },
    ]);
  });

  it('is published anyway when an operator gives a reason, and its report says who and why', async () => {
    const { slug, name } = await addBad();
    const job = await publish(slug);
    const said = { job, names: [name], reason: 'a demo is due', by };
    const answer = await studio.operations.publishAnyway(said);
    expect(answer).toMatchObject({ kind: 'queued' });
    await studio.runJobs();
    const next = await packageOf(answer.kind === 'queued' ? answer.job : 0);
    expect(next).toMatchObject({
      outcome: 'published',
      override: { by, reason: 'a demo is due', count: 1 },
      findings: [{ rule: 'meta.missing', severity: 'warn', loweredBy: 'operator' }],
    });
    expect(await studio.operations.publishAnyway(said)).toMatchObject({ kind: 'followed' });
  });

  it('passes in its next version with the old finding as a warning, and only something new stops it', async () => {
    const { slug, name } = await addBad();
    const job = await publish(slug);
    await studio.operations.publishAnyway({ job, names: [name], reason: 'once', by });
    await studio.runJobs();
    const file = `Packages/${name}/Runtime/Another.cs`;
    studio.commit(slug, { ...packageFiles(name, '1.0.1'), [file]: 'class Another {}\n' });
    const next = await packageOf(await publish(slug));
    expect(next).toMatchObject({ outcome: 'failed', reason: 'preflight-rejected' });
    expect(next).not.toHaveProperty('override');
    expect(next.findings.map(({ file: at, severity, loweredBy }) => [at, severity, loweredBy])).toEqual([
      ['Runtime/Another.cs', 'block', undefined],
      ['Runtime/NoMeta.cs', 'warn', 'ratchet'],
    ]);
  });

  it('is shown by a dry run with all findings, counted as they would count, and nothing is written', async () => {
    const { slug, name } = await addBad();
    const seen: string[] = [];
    const request = ask({ kind: 'repository', slug });
    const plan = await studio.operations.planPublish(request, never, (done, total) =>
      seen.push(`${done}/${total}`),
    );
    expect(plan).toMatchObject({
      kind: 'plan',
      packages: [{ name, reason: 'preflight-rejected', findings: [{ rule: 'meta.missing' }] }],
    });
    expect(seen).toEqual(['0/1', '1/1']);
    const entries = await studio.parts.store.changelogs.find(name, '1.0.0');
    expect(entries).toBeUndefined();
  });

  it('is shown before its repository is registered', async () => {
    const { slug, name } = await addBad();
    const answer = await studio.operations.scanRepository(slug, by, never);
    expect(answer).toMatchObject({
      kind: 'scanned',
      scan: { preflight: [{ name, reason: 'preflight-rejected', findings: [{ rule: 'meta.missing' }] }] },
    });
  });
});
