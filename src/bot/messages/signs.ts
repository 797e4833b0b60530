import type { JobStatus, PackageState } from '../../domain/job/report.ts';
import type { DriftKind } from '../../domain/package/drift.ts';
import type { ComponentState } from '../../publisher/queue/readiness.ts';

/** The sign of each state, recognised before the words are read. */
export const componentSigns: Readonly<Record<ComponentState['state'], string>> = {
  ok: '🟢',
  degraded: '🟡',
  down: '🔴',
};

export const statusSigns: Readonly<Record<JobStatus, string>> = {
  queued: '⏳',
  running: '🚀',
  published: '✅',
  'nothing-to-publish': '➖',
  'partially-failed': '⚠️',
  failed: '❌',
  cancelled: '⏹️',
  shadowed: '🌓',
};

/** Words a job's status; `running` is shown as "publishing". */
export function wordStatus(status: JobStatus): string {
  return status === 'running' ? 'publishing' : status.replaceAll('-', ' ');
}

export const outcomeSigns: Readonly<Record<PackageState, string>> = {
  published: '📦',
  skipped: '➖',
  unchanged: '➖',
  excluded: '🚫',
  failed: '❌',
  held: '⏸️',
  withdrawn: '🗑️',
  'not-attempted': '🌓',
};

/** Signs and words of each kind of drift, most relevant first. */
export const driftWords: Readonly<Record<DriftKind, { readonly sign: string; readonly words: string }>> = {
  ahead: { sign: '🔼', words: 'ahead of the registry' },
  'never-published': { sign: '🆕', words: 'never published' },
  behind: { sign: '🔽', words: 'behind the registry' },
  'duplicate-owner': { sign: '👥', words: 'in more than one repository' },
  withdrawn: { sign: '🗑️', words: 'withdrawn from the registry' },
  unknown: { sign: '❔', words: 'unknown' },
  excluded: { sign: '🚫', words: 'excluded' },
  equal: { sign: '🟢', words: 'as on the registry' },
};

export const driftOrder = Object.keys(driftWords) as readonly DriftKind[];
