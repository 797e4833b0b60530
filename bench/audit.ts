import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import Sqlite from 'better-sqlite3';
import { systemClock } from '../src/adapters/system/system-clock.ts';
import type { RepositoryId } from '../src/domain/repository/repository.ts';
import { openStore, type Store } from '../src/store/store.ts';

export interface AuditBench {
  readonly auditRows: number;
  readonly jobs: number;
  readonly queries: readonly { readonly name: string; readonly p50: number; readonly p99: number }[];
}

/** Aim in milliseconds for the p99 of each query behind a command or a completion. */
export const auditAimMs = 60;
const auditRows = 1_000_000;
const jobs = 100_000;
const repositories = 200;
const names = 10_000;
const asked = 100;
const dayMs = 86_400_000;

/** Times the queries of commands and completions on a database that holds a year of a busy studio. */
export async function measureAudit(): Promise<AuditBench> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-audit-'));
  const registry = 'https://npm.studio.test/';
  const open = async (): Promise<Store> =>
    openStore({ folder, registry, clock: systemClock, redact: (text) => text });
  await (await open()).close();
  fill(join(folder, 'publisher.db'), registry, systemClock.now());
  const store = await open();
  try {
    const queries = [];
    for (const [name, ask] of Object.entries(listQueries(store, systemClock.now()))) {
      queries.push({ name, ...(await measure(ask)) });
    }
    return { auditRows, jobs, queries };
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Inserts a year that ends now, in one transaction, with rows that SQLite generates itself. */
function fill(file: string, registry: string, now: number): void {
  const db = new Sqlite(file);
  const at = `${now} - (${jobs} - i) * ${Math.floor((365 * dayMs) / jobs)}`;
  const counting = (count: number): string =>
    `with recursive counted(i) as (select 1 union all select i + 1 from counted where i < ${count})`;
  const result = `json_object('name', 'com.studio.p' || (i % ${names}), 'path', 'p', 'version', '1.' || i || '.0',
    'state', 'published', 'findings', json('[]'), 'warnings', json('[]'))`;
  db.exec(`begin;
    ${counting(repositories)} insert into repositories (id, slug, status, mode, branches, scopes, created_at, updated_at)
      select i, 'studio/repository' || i, 'active', 'live', '[]', '[]', 0, 0 from counted;
    ${counting(jobs)} insert into dispatches (id, repository_id, commit_sha, package_path, created_at)
      select 'd' || i, 1 + i % ${repositories}, printf('%040x', i), '', ${at} from counted;
    ${counting(jobs)} insert into jobs (number, dispatch_id, repository_id, status, requested_by, allow_lower, attempts,
        created_at, started_at, finished_at)
      select i, 'd' || i, 1 + i % ${repositories}, iif(i % 10 = 0, 'failed', 'published'), 'event', 0, 1,
        ${at}, ${at} + 100, ${at} + 3000 + i % 997 from counted;
    ${counting(jobs * 3)} insert into package_states (job, path, name, state, result)
      select 1 + i / 3 % ${jobs}, 'p' || (i % 3), 'com.studio.p' || (i % ${names}), iif(i % 3, 'unchanged', 'published'),
        ${result} from counted where i < ${jobs * 3};
    ${counting(jobs)} insert into intents (registry, name, version, job, commit_sha, path, dist_tag, file, bytes, integrity,
        shasum, state, created_at)
      select '${registry}', 'com.studio.p' || (i % ${names}), '1.' || i || '.0', i, printf('%040x', i), 'p', 'latest', '', 1,
        'sha512-', '', 'stored', ${at} from counted;
    ${counting(names)} insert into head_packages (repository_id, path, name, version, manifest_oid, seen_at)
      select 1 + i % ${repositories}, 'p' || i, 'com.studio.p' || i, '1.0.0', '', 0 from counted;
    ${counting(jobs)} insert into outbox (key, announcement, created_at, sent_at)
      select 'job-' || i || '-finished', ${result}, ${at}, ${at} from counted;
    ${counting(auditRows)} insert into audit (at, action, actor, subject, facts)
      select ${now} - (${auditRows} - i) * ${Math.floor((365 * dayMs) / auditRows)}, 'job-finished', 'publisher',
        '#' || (i % ${jobs}), '{"status":"published","reason":null}' from counted;
    ${counting(366)} insert into daily_statistics
      select date(${now} / 1000 - i * 86400, 'unixepoch'), 274, 27, 500, 27, 3400, 9000 from counted;
    commit; analyze;`);
  db.close();
}

function listQueries(
  store: Store,
  now: number,
): Readonly<Record<string, (turn: number) => Promise<unknown>>> {
  const { history, suggestions, retries, statistics, keeper, writeBacks, changelogs, audit } = store;
  const day = (ago: number): string => new Date(now - ago * dayMs).toISOString().slice(0, 10);
  const one = (turn: number): RepositoryId => (1 + (turn % repositories)) as RepositoryId;
  return {
    'newest jobs': async () => history.listJobs(undefined, 10),
    'jobs of a repository': async (turn) => history.listJobs(one(turn), 10),
    'jobs of a package': async (turn) => history.listPublishes(`com.studio.p${turn * 7}`, 10),
    'what waits for a person': async () => history.listWaiting(now - 7 * dayMs, 10),
    'repositories by status': async () => history.countRepositories(),
    'depth of the queue': async () => keeper.countDepth(),
    'one job': async (turn) => retries.findJob(1 + turn * 900),
    'changelogs that are owed': async () => writeBacks.listOwed(),
    'changelog of a version': async (turn) => changelogs.find(`com.studio.p${turn}`, '1.0.0'),
    'a year of statistics': async () => statistics.listDays(day(365), day(0)),
    'newest audit rows': async () => audit.list(20),
    'complete a package by its beginning': async (turn) => suggestions.suggestPackages(`com.studio.p${turn}`),
    'complete a package by a part': async (turn) => suggestions.suggestPackages(`p${turn}`),
    'complete a repository': async (turn) => suggestions.suggestRepositories(`repository${turn}`),
    'complete a job': async (turn) => suggestions.suggestJobs(String(turn)),
  };
}

async function measure(ask: (turn: number) => Promise<unknown>) {
  const times: number[] = [];
  for (let turn = 0; turn < asked; turn++) {
    const began = performance.now();
    await ask(turn);
    times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  return { p50: times[Math.floor(asked * 0.5)] ?? 0, p99: times[Math.floor(asked * 0.99)] ?? 0 };
}

export function renderAudit({ queries, jobs: count, auditRows: rows }: AuditBench): string {
  const lines = queries.map(({ name, p50, p99 }) => {
    const verdict = p99 <= auditAimMs ? 'met' : 'missed';
    return `${name.padEnd(38)} p50 ${p50.toFixed(1).padStart(7)} ms  p99 ${p99.toFixed(1).padStart(7)} ms  ${verdict}`;
  });
  return [`${rows} audit rows, ${count} jobs; aim: p99 at most ${auditAimMs} ms`, ...lines].join('\n');
}
