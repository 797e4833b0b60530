import { type Failure, renderFailure } from '../failure/failure.ts';
import { type Actor, isPerson } from './actor.ts';
import { renderPackage } from './package-report.ts';
import type { JobStatus, PackageResult, PackageState } from './report.ts';

/** A job with everything that an audit asks for. Times are epoch milliseconds. */
export interface AuditedJob {
  readonly job: number;
  readonly acceptedAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly status: JobStatus;
  readonly attempts: number;
  readonly requestedBy: Actor;
  readonly repository: string;
  readonly commit: string;
  /** As the dispatch said; hostile text, null when the dispatch said nothing. */
  readonly commitMessage: string | null;
  readonly commitAuthor: string | null;
  readonly branch: string | null;
  readonly packagePath: string;
  /** Origin of the registry to which the job published; null when it published nothing. */
  readonly registry: string | null;
  readonly allowLower: boolean;
  readonly failure: Failure | null;
  readonly packages: readonly PackageResult[];
}

/** One package of a job, as an audit shows it. */
export interface AuditedPackage {
  readonly package: string;
  readonly path: string;
  readonly oldVersion: string | null;
  readonly newVersion: string | null;
  readonly outcome: PackageState;
  readonly reason: string | null;
  readonly detail: string | null;
  readonly remedy: string | null;
  readonly distTag: string | null;
  readonly integrity: string | null;
  readonly tarballBytes: number | null;
}

/** Returns the packages that a job judged. Packages that did not change are only counted. */
export function describeAuditedPackages({ packages }: AuditedJob): readonly AuditedPackage[] {
  return packages
    .filter(({ state }) => state !== 'unchanged')
    .map((result) => {
      const shown = renderPackage(result);
      return {
        package: shown.name,
        path: shown.path,
        oldVersion: shown.previousVersion,
        newVersion: shown.version,
        outcome: shown.outcome,
        reason: shown.reason,
        detail: shown.title,
        remedy: shown.remedy,
        distTag: shown.distTag,
        integrity: shown.integrity,
        tarballBytes: shown.tarballBytes,
      };
    });
}

/** Returns what caused the job, in one word. */
export function triggerOf(actor: Actor): string {
  if (isPerson(actor)) return 'person';
  const [kind = actor] = actor.split(':');
  return kind === 'job' ? 'scheduled' : kind;
}

/** Returns the document of one job, ready for JSON: ISO times, null for what is not known. */
export function describeAuditedJob(job: AuditedJob): object {
  const failure = job.failure === null ? null : renderFailure(job.failure);
  return {
    job: job.job,
    time: isoTime(job.acceptedAt),
    startedAt: job.startedAt === null ? null : isoTime(job.startedAt),
    finishedAt: job.finishedAt === null ? null : isoTime(job.finishedAt),
    durationMs: durationOf(job),
    trigger: triggerOf(job.requestedBy),
    actor: job.requestedBy,
    repository: job.repository,
    commit: {
      sha: job.commit,
      message: job.commitMessage,
      author: job.commitAuthor,
      branch: job.branch,
    },
    packagePath: job.packagePath,
    registry: job.registry,
    status: job.status,
    attempts: job.attempts,
    allowLower: job.allowLower,
    failure: failure && { reason: failure.reason, detail: failure.title, remedy: failure.remedy },
    results: countStates(job.packages),
    packages: describeAuditedPackages(job),
  };
}

/** Returns the milliseconds from acceptance to the end; null while the job is not over. */
export function durationOf({ acceptedAt, finishedAt }: AuditedJob): number | null {
  return finishedAt === null ? null : finishedAt - acceptedAt;
}

function countStates(packages: readonly PackageResult[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { state } of packages) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

export function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
