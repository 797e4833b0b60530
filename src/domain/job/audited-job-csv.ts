import { renderFailure } from '../failure/failure.ts';
import { toCsvLine } from '../text/csv.ts';
import { type AuditedJob, describeAuditedPackages, durationOf, isoTime, triggerOf } from './audited-job.ts';

/** Names of the columns of each line from `toJobLines`. */
export const auditedJobColumns = [
  'job',
  'time',
  'repository',
  'commit',
  'branch',
  'author',
  'message',
  'trigger',
  'actor',
  'status',
  'duration_ms',
  'package',
  'path',
  'old_version',
  'new_version',
  'outcome',
  'reason',
  'detail',
  'dist_tag',
  'registry',
] as const;

/** Returns a line for each package that was judged, or a single line with the job's reason when there is none. */
export function toJobLines(job: AuditedJob): readonly string[] {
  const ofJob = [
    job.job,
    isoTime(job.acceptedAt),
    job.repository,
    job.commit,
    job.branch,
    job.commitAuthor,
    job.commitMessage,
    triggerOf(job.requestedBy),
    job.requestedBy,
    job.status,
    durationOf(job),
  ];
  const packages = describeAuditedPackages(job);
  if (packages.length === 0) {
    const failure = job.failure === null ? null : renderFailure(job.failure);
    const why = [failure?.reason ?? null, failure?.title ?? null];
    return [toCsvLine([...ofJob, null, null, null, null, null, ...why, null, job.registry])];
  }
  return packages.map((item) =>
    toCsvLine([
      ...ofJob,
      item.package,
      item.path,
      item.oldVersion,
      item.newVersion,
      item.outcome,
      item.reason,
      item.detail,
      item.distTag,
      job.registry,
    ]),
  );
}
