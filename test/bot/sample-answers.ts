import { failure, renderFailure } from '../../src/domain/failure/failure.ts';
import type { JobReport, JobStatus, PackageReport } from '../../src/domain/job/report.ts';
import type { DriftKind, DriftRow, DriftSummary } from '../../src/domain/package/drift.ts';
import { driftKinds } from '../../src/domain/package/drift.ts';
import type { Repository, RepositoryId, Slug } from '../../src/domain/repository/repository.ts';
import type { RegistrationAnswer } from '../../src/publisher/github/registration.ts';
import type {
  JobLine,
  NotFound,
  Overview,
  Refused,
  ScheduledJobState,
} from '../../src/publisher/operations/operations.ts';

export const commit = 'abcdef0123456789abcdef0123456789abcdef01';
export const now = 1_800_000_000_000;

export function notFound(what: NotFound['what'], asked: string, closest?: string): NotFound {
  return { kind: 'not-found', what, asked: asked.slice(0, 200), closest };
}

export function refused(...args: Parameters<typeof failure>): Refused {
  return { kind: 'refused', failure: renderFailure(failure(...args)) };
}

export function repository(slug: string, extra: Partial<Repository> = {}): Repository {
  const base = {
    id: 1 as RepositoryId,
    status: 'active',
    mode: 'live',
    branches: [],
    scopes: [],
    rules: {},
    fixes: 'off',
  } as const;
  return { ...base, slug: slug as Slug, ...extra };
}

/** Pull request #7, and the result of merging it. */
export function opened(merge: Extract<RegistrationAnswer, { kind: 'opened' }>['merge']): RegistrationAnswer {
  const state = merge?.kind === 'merged' ? 'merged' : 'open';
  const pullRequest = { number: 7, url: 'https://git.studio.test/studio/one/pull/7', state } as const;
  return { kind: 'opened', pullRequest, merge };
}

export function row(name: string, kind: DriftKind, extra: Partial<DriftRow> = {}): DriftRow {
  return {
    repository: 'studio/one',
    path: `packages/${name}`,
    name,
    headVersion: '1.2.0',
    latest: kind === 'never-published' ? undefined : '1.1.0',
    kind,
    detail: undefined,
    isPublishable: kind === 'ahead' || kind === 'never-published',
    checkedAt: now,
    ...extra,
  };
}

export function packageReport(name: string, extra: Partial<PackageReport> = {}): PackageReport {
  return {
    name,
    version: '1.2.0',
    previousVersion: '1.1.0',
    path: `packages/${name}`,
    outcome: 'published',
    reason: null,
    title: null,
    remedy: null,
    distTag: 'latest',
    integrity: null,
    tarballBytes: null,
    findings: [],
    changelog: null,
    wordedByModel: false,
    additions: [],
    warnings: [],
    ...extra,
  };
}

export function jobReport(job: number, extra: Partial<JobReport> = {}): JobReport {
  return {
    job,
    status: 'published',
    waitingFor: null,
    attempts: 1,
    createdAt: now,
    finishedAt: now + 3_200,
    failure: null,
    stages: [],
    packages: [packageReport('com.studio.core')],
    ...extra,
  };
}

export function jobLine(job: number, extra: Partial<JobLine> = {}): JobLine {
  return {
    job,
    repository: 'studio/one',
    commit,
    status: 'published',
    waitingFor: null,
    requestedBy: 'event',
    at: now,
    durationMs: 3_200,
    ...extra,
  };
}

export function summarise(rows: readonly DriftRow[]): DriftSummary {
  const counts = Object.fromEntries(driftKinds.map((kind) => [kind, 0])) as Record<DriftKind, number>;
  for (const { kind } of rows) counts[kind] += 1;
  return counts;
}

export function overview(extra: Partial<Overview> = {}): Overview {
  const ok = { state: 'ok', since: new Date(now).toISOString(), why: null } as const;
  return {
    readiness: { store: ok, queue: ok, registry: ok, github: ok, discord: ok, gemini: ok },
    queued: 0,
    running: 0,
    parked: 0,
    owedChangelogs: 0,
    held: 0,
    repositories: { pending: 0, active: 1, disabled: 0 },
    lastJobs: [],
    drift: summarise([]),
    waitsForPerson: [],
    scheduledJobs: [],
    ...extra,
  };
}

export const everyStatus: readonly JobStatus[] = [
  'queued',
  'running',
  'published',
  'nothing-to-publish',
  'partially-failed',
  'failed',
  'cancelled',
  'shadowed',
];

/** A scheduled job that never ran, an hour before its first run. */
export function scheduledJob(name: string, extra: Partial<ScheduledJobState> = {}): ScheduledJobState {
  return {
    name,
    about: `Does what ${name} says`,
    schedule: '0 2 * * *',
    isTurnedOn: undefined,
    nextAt: now + 3_600_000,
    runningSince: undefined,
    lastRun: undefined,
    ...extra,
  };
}
