import type { JobFinished, ProposedFix } from '../../domain/announcement/announcement.ts';
import { type FailureReason, failureCatalogue } from '../../domain/failure/failure.ts';
import type { PackageReport } from '../../domain/job/report.ts';
import { canPublishAnyway, listAllowableSecrets } from '../../domain/package/finding.ts';
import type { Button } from '../../ports/chat.ts';
import type { FailedExtras } from '../messages/failed.ts';
import { noteFixes } from '../pages/proposed-fixes.ts';
import { inert } from '../text/text.ts';
import { buildAnywayButton } from './anyway-button.ts';
import { buildCustomId } from './custom-id.ts';
import { buildDecideButton } from './decide-button.ts';
import { buildFixButton, isRepairable } from './fix-button.ts';
import { buildSecretButton } from './secret-button.ts';

export interface Retried {
  /** Discord's user id. */
  readonly by: string;
  /** The job that followed. */
  readonly as: number;
  /** Why it was let through; undefined when it was only retried. */
  readonly anyway?: string | undefined;
}

/** Retry (unless nothing of it can ever work), Details, and what operators can do; a press is said by button and note. */
export function failureButtons(
  ended: JobFinished,
  retried?: Retried,
  fixes: readonly ProposedFix[] = [],
): Pick<FailedExtras, 'buttons' | 'note' | 'proposedFor'> {
  const details: Button = {
    kind: 'action',
    id: buildCustomId({ action: 'details', job: ended.job }),
    label: 'Details',
    style: 'secondary',
    disabled: false,
  };
  if (!canRetry(ended)) return { buttons: [details] };
  const retry: Button = {
    kind: 'action',
    id: buildCustomId({ action: 'retry', job: ended.job }),
    label: labelOf(retried),
    style: 'primary',
    disabled: retried !== undefined,
  };
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

function labelOf(retried: Retried | undefined): string {
  if (retried === undefined) return 'Retry';
  return `${retried.anyway === undefined ? 'Retried' : 'Let through'} as #${retried.as}`;
}

function noteOf(retried: Retried | undefined, fixes: readonly ProposedFix[]): { readonly note?: string } {
  const notes = [
    ...(fixes.length === 0 ? [] : [noteFixes(fixes)]),
    ...(retried === undefined ? [] : [wordRetry(retried)]),
  ];
  return notes.length === 0 ? {} : { note: notes.join('\n') };
}

export function wordRetry({ by, as, anyway }: Retried): string {
  // Else a scheduled job, which is nobody to mention.
  const who = /^\d{1,21}$/.test(by) ? `<@${by}>` : 'The publisher itself';
  if (anyway === undefined) return `🔁 ${who} retried it as #${as}`;
  return `🔓 ${who} let it through as #${as}: ${inert(anyway, 700)}`;
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
