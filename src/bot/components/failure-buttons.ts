import type { JobFinished, ProposedFix, SettledHold } from '../../domain/announcement/announcement.ts';
import { type FailureReason, failureCatalogue } from '../../domain/failure/failure.ts';
import type { PackageReport } from '../../domain/job/report.ts';
import { canPublishAnyway, listAllowableSecrets } from '../../domain/package/finding.ts';
import type { Button, Pings } from '../../ports/chat.ts';
import { type Retried, wordRetry } from '../messages/retried.ts';
import { noteFixes } from '../pages/proposed-fixes.ts';
import { buildAnywayButton } from './anyway-button.ts';
import { buildDecideButton } from './decide-button.ts';
import { buildDetailsButton } from './details-button.ts';
import { buildFixButton, isRepairable } from './fix-button.ts';
import { buildRetryButton } from './retry-button.ts';
import { buildSecretButton } from './secret-button.ts';

/**
 * Builds Retry (unless no retry can succeed), Details, and the operators' buttons. After a press, the button is
 * disabled and the note says what was done.
 */
export function failureButtons(
  ended: JobFinished,
  retried?: Retried,
  fixes: readonly ProposedFix[] = [],
): Pick<FailedExtras, 'buttons' | 'note' | 'proposedFor'> {
  const details = buildDetailsButton(ended.job);
  if (!canRetry(ended)) return { buttons: [details] };
  const retry = buildRetryButton(ended.job, retried && wordDone(retried));
  const isContested = ended.packages.some((item) => item.reason === 'name-contested');
  const isOver = retried !== undefined;
  const buttons = [
    retry,
    details,
    ...(isContested ? [buildDecideButton(ended.job)] : []),
    ...(ended.packages.some(isRepairable) ? [buildFixButton(ended.job)] : []),
    ...(ended.packages.some(canPublishAnyway) ? [buildAnywayButton(ended.job, isOver)] : []),
    ...(ended.packages.some(hasAllowableSecrets) ? [buildSecretButton(ended.job, isOver)] : []),
  ];
  return { buttons, proposedFor: fixes.map(({ name }) => name), ...noteOf(retried, fixes) };
}

function wordDone({ anyway, as }: Retried): string {
  return `${anyway === undefined ? 'Retried' : 'Let through'} as #${as}`;
}

function noteOf(retried: Retried | undefined, fixes: readonly ProposedFix[]): { readonly note?: string } {
  const notes = [
    ...(fixes.length === 0 ? [] : [noteFixes(fixes)]),
    ...(retried === undefined ? [] : [wordRetry(retried)]),
  ];
  return notes.length === 0 ? {} : { note: notes.join('\n') };
}

function hasAllowableSecrets(item: PackageReport): boolean {
  return listAllowableSecrets(item).length > 0;
}

function canRetry(ended: JobFinished): boolean {
  const reasons = [ended.failure?.reason, ...ended.packages.map((item) => item.reason)];
  return reasons.some((reason) => reason !== null && reason !== undefined && retryOf(reason) !== 'never');
}

function retryOf(reason: string): string {
  return Object.hasOwn(failureCatalogue, reason) ? failureCatalogue[reason as FailureReason].retry : 'never';
}

export interface FailedExtras {
  readonly buttons: readonly Button[];
  readonly note?: string;
  /** Names of packages with an open repair proposal; the note links to it. */
  readonly proposedFor?: readonly string[];
  /** Held versions that no longer wait. */
  readonly settled?: readonly SettledHold[];
  /** Who is mentioned, and so notified. */
  readonly pings?: Pings;
}
