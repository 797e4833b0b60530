import { describeJob } from '../domain/schedule/scheduled-jobs.ts';
import type { JobFinding, JobFindings } from '../ports/schedule.ts';
import type { SyncFinding } from '../publisher/github/status-sync.ts';
import type { ScheduledJob } from './scheduled-job.ts';

export interface StatusSyncDeps {
  readonly syncStatus: (signal: AbortSignal) => Promise<readonly SyncFinding[]>;
  readonly findings: JobFindings;
}

/**
 * Builds the job that follows renamed and archived repositories, each with a notice; what a person must look at is
 * reported once.
 */
export function buildStatusSync({ syncStatus, findings }: StatusSyncDeps): ScheduledJob {
  return {
    ...describeJob('status-sync'),
    run: async ({ signal }) => {
      const found = await syncStatus(signal);
      // A repository that could not be queried keeps its earlier findings.
      const known = found.filter(({ kind }) => kind !== 'unknown');
      await findings.settle('status-sync', known.map(toFinding));
      const counts = Object.fromEntries(
        [...Map.groupBy(found, ({ kind }) => kind)].map(([kind, { length }]) => [
          kind.replaceAll('-', ' '),
          length,
        ]),
      );
      return { counts: { looked: found.length, ...counts } };
    },
  };
}

const remedies: Readonly<Partial<Record<SyncFinding['kind'], string>>> = {
  'no-access': 'Give the publisher access to it, or remove it with /register remove.',
  'dispatcher-outdated':
    'Run /register edit with a new pull request for it, or keep it if that is on purpose.',
};

function toFinding({ repository, kind, detail }: SyncFinding): JobFinding {
  const remedy = remedies[kind];
  if (remedy === undefined || detail === undefined)
    return { subject: repository, text: undefined, notice: undefined };
  return {
    subject: repository,
    text: `${kind}: ${detail}`,
    notice: {
      kind: 'monitoring-notice',
      tone: 'trouble',
      subject: repository,
      title: detail,
      detail: remedy,
      since: null,
    },
  };
}
