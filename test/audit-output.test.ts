import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseAuditOptions } from '../src/cli/audit/audit-options.ts';
import { renderAudit } from '../src/cli/audit/audit-output.ts';
import { blankResult } from '../src/domain/job/package-result.ts';
import type { Job, PackageResult } from '../src/domain/job/report.ts';
import type { Slug } from '../src/domain/repository/repository.ts';
import { buildRedactor } from '../src/domain/text/redact.ts';
import type { Clock } from '../src/ports/clock.ts';
import { openAuditTrail, StoreNotReadableError } from '../src/store/audit/open-audit-trail.ts';
import type { Store } from '../src/store/store.ts';
import { broken, published, skipped } from './audited-packages.ts';
import { claimJob, commitOf, dispatchOf, endedAs } from './store/queued-job.ts';
import { openTestStore } from './store/test-store.ts';

const start = Date.parse('2027-01-31T12:00:00Z');
const registry = 'https://npm.studio.test/';
const late = 'a-secret-that-was-set-later';
let folder: string;
let store: Store;
let now: number;
let commits = 0;
const clock: Clock = { now: () => now, monotonic: () => now, sleep: async () => undefined };

beforeEach(async () => {
  now = start;
  folder = await mkdtemp(join(tmpdir(), 'audit-output-'));
  store = await openTestStore(folder, { clock });
  await store.repositories.addUnknown([
    { slug: 'studio/one' as Slug, status: 'active' },
    { slug: 'studio/two' as Slug, status: 'active' },
  ]);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

async function audit(...args: readonly string[]): Promise<string> {
  const parsed = parseAuditOptions(args, now);
  if (parsed.kind !== 'request') throw new Error(JSON.stringify(parsed));
  const trail = openAuditTrail(join(folder, 'publisher.db'));
  let text = '';
  for await (const chunk of renderAudit(
    trail,
    parsed.request,
    buildRedactor(() => [late]),
  ))
    text += chunk;
  return text;
}

const documents = async (...args: readonly string[]): Promise<readonly Record<string, unknown>[]> =>
  (await audit(...args))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

async function run(
  repository: number,
  results: readonly PackageResult[],
  extra: { requestedBy?: string; commitMessage?: string } = {},
): Promise<Job> {
  await store.queue.accept(
    dispatchOf(repository, commitOf(++commits), {
      branch: 'main',
      commitMessage: 'Open doors',
      commitAuthor: 'Ada',
      ...extra,
    }),
  );
  const job = await claimJob(store.queue);
  await store.jobLog.savePackages(job, results);
  now += 2_500;
  await store.queue.finish(job, endedAs('partially-failed', { judgedBranch: 'main' }));
  return job;
}

describe('jobs exported as JSON lines', () => {
  it('contain who asked, the commit, the times, and each package with its versions and reason', async () => {
    const job = await run(1, [
      published,
      broken,
      skipped,
      blankResult('com.studio.same', 'same', 'unchanged'),
    ]);
    await store.ledger.recordIntent({
      name: 'com.studio.doors',
      version: '1.1.0',
      job: job.number,
      commit: job.commit,
      path: 'Packages/Doors',
      distTag: 'latest',
      tarball: { file: '/x.tgz', bytes: 1, integrity: 'sha512-x' as never, shasum: 'aa' },
    });
    const [only] = await documents();
    expect(only).toMatchObject({
      job: 1,
      time: '2027-01-31T12:00:00.000Z',
      durationMs: 2_500,
      trigger: 'event',
      actor: 'event',
      repository: 'studio/one',
      commit: { sha: job.commit, message: 'Open doors', author: 'Ada', branch: 'main' },
      registry,
      status: 'partially-failed',
      failure: null,
      results: { published: 1, failed: 1, skipped: 1, unchanged: 1 },
    });
    expect(only?.['packages']).toMatchObject([
      { package: 'com.studio.doors', oldVersion: '1.0.0', newVersion: '1.1.0', path: 'Packages/Doors' },
      { package: 'com.studio.roof', outcome: 'skipped', detail: 'it is on the registry' },
      { package: 'com.studio.walls', outcome: 'failed', reason: 'pack-failed', remedy: expect.any(String) },
    ]);
  });

  it('are those of one repository, accepted after one time and before another', async () => {
    await run(1, [published]);
    await run(2, [published], { requestedBy: 'workflow:studio/two' });
    now += 2 * 86_400_000;
    await run(1, [published], { requestedBy: 'discord:7' });
    const jobs = async (...args: readonly string[]) =>
      (await documents(...args)).map(({ job, trigger }) => [job, trigger].join(' '));
    expect(await jobs()).toEqual(['1 event', '2 workflow', '3 person']);
    expect(await jobs('--since', '1d')).toEqual(['3 person']);
    expect(await jobs('--until', '2027-01-31')).toEqual(['1 event', '2 workflow']);
    expect(await jobs('--repository', 'Studio/One')).toEqual(['1 event', '3 person']);
    expect(await jobs('--repository', 'studio/unknown')).toEqual([]);
  });

  it('contain no secret, not even one that was set after the job', async () => {
    await run(1, [published], { commitMessage: `oops ${late}` });
    expect(await documents()).toMatchObject([{ commit: { message: 'oops «redacted»' } }]);
  });
});

describe('jobs exported as CSV', () => {
  it('have a line for each package, and one for a job without packages', async () => {
    await run(1, [published, broken, skipped], { commitMessage: '=cmd|x, "y"' });
    await run(2, []);
    const [head = '', ...lines] = (await audit('--format', 'csv')).trimEnd().split('\r\n');
    expect(head.split(',').slice(0, 4)).toEqual(['job', 'time', 'repository', 'commit']);
    expect(lines).toHaveLength(4);
    expect(lines[0]).toContain(`"'=cmd|x, ""y""",event,event,partially-failed,2500,com.studio.doors`);
    expect(lines[2]).toContain('com.studio.walls,Packages/Walls,,2.0.0,failed,pack-failed,');
    expect(lines[3]).toMatch(/^2,.*,2500,,,,,,,,,$/);
  });
});

describe('exported rows of the audit trail', () => {
  it('are those about a repository, its jobs and its packages', async () => {
    await run(1, [published]);
    await run(2, [published]);
    const rows = await documents('--rows', '--repository', 'studio/two');
    expect(rows.map(({ action, subject }) => [action, subject].join(' '))).toEqual([
      'repository-added studio/two',
      'dispatch-accepted #2',
      'job-started #2',
      'package-published com.studio.doors@1.1.0',
      'job-finished #2',
    ]);
    expect(await documents('--action', 'job-started')).toMatchObject([{ subject: '#1' }, { subject: '#2' }]);
  });

  it('are all there, each once and in order, over many pages and while more are written', async () => {
    const raw = new Sqlite(join(folder, 'publisher.db'));
    const insert = raw.prepare(
      "insert into audit (at, action, actor, subject, facts) values (?, 'x', 'x', 'x', '{}')",
    );
    raw.transaction(() => {
      for (let index = 0; index < 1_500; index++) insert.run(now - index);
    })();
    raw.close();
    const ids: unknown[] = [];
    const parsed = parseAuditOptions(['--action', 'x'], now);
    if (parsed.kind !== 'request') throw new Error('a request');
    const trail = openAuditTrail(join(folder, 'publisher.db'));
    for await (const entry of trail.streamEntries(parsed.request.filter)) {
      if (ids.length === 700) await store.audit.append({ action: 'x', actor: 'x', subject: 'x', facts: {} });
      ids.push(entry.id);
    }
    expect(ids).toHaveLength(1_501);
    expect(ids).toEqual(ids.toSorted((a, b) => Number(a) - Number(b)));
  });

  it('have their facts as JSON in the CSV', async () => {
    await store.audit.append({ action: 'test', actor: 'me', subject: '-1', facts: { a: 'b, c' } });
    const text = await audit('--action', 'test', '--format', 'csv');
    expect(text.split('\r\n')[1]).toMatch(/^\d+,2027-01-31T12:00:00\.000Z,test,me,'-1,"\{""a"":""b, c""\}"$/);
  });
});

describe('the arguments of the audit command', () => {
  it.each([
    [['--since', 'yesterday'], /--since must be a day/],
    [['--since', '2027-02-31'], /--since must be a day/],
    [['--until', '31.1.2027'], /--until must be a day/],
    [['--since', '2027-01-31', '--until', '2027-01-30'], /--since must lie before/],
    [['--repository', 'studio'], /owner\/name/],
    [['--format', 'xml'], /json or csv/],
    [['--what'], /--what/],
    [['7d'], /7d/],
  ])('are refused with what is wrong: %j', (args, problem) => {
    const parsed = parseAuditOptions(args, start);
    expect(parsed).toMatchObject({ kind: 'problems' });
    expect(parsed.kind === 'problems' && parsed.problems.join()).toMatch(problem);
  });

  it.each([
    [['--since', '2027-01-30'], '2027-01-30T00:00:00.000Z', '2027-01-31T12:00:00.001Z'],
    [['--since', '4w', '--until', '2027-01-30'], '2027-01-03T12:00:00.000Z', '2027-01-31T00:00:00.000Z'],
    [
      ['--since', '2027-01-30T08:00:00+02:00', '--until', '1h'],
      '2027-01-30T06:00:00.000Z',
      '2027-01-31T11:00:00.000Z',
    ],
    [[], '2027-01-24T12:00:00.000Z', '2027-01-31T12:00:00.001Z'],
  ])('set the range of times: %j', (args, since, until) => {
    const parsed = parseAuditOptions(args, start);
    expect(parsed).toMatchObject({
      request: { filter: { since: Date.parse(since), until: Date.parse(until) }, format: 'json' },
    });
  });
});

describe('a database that the audit cannot read', () => {
  it('is reported as missing, or as written by another version', async () => {
    expect(() => openAuditTrail(join(folder, 'nothing.db'))).toThrow(StoreNotReadableError);
    expect(() => openAuditTrail(join(folder, 'nothing.db'))).toThrow(/check DATA_DIR/);
    const file = join(folder, 'empty.db');
    new Sqlite(file).close();
    expect(() => openAuditTrail(file)).toThrow(/start the process once/);
    const older = new Sqlite(file);
    older.exec("create table migrations (name text); insert into migrations values ('0001-start')");
    older.close();
    expect(() => openAuditTrail(file)).toThrow(/another version/);
  });
});
