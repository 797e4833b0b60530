import type { JobFinished } from '../../domain/announcement.ts';
import { type FailureReason, failureCatalogue } from '../../domain/failure.ts';
import type { Button } from '../../ports/channel.ts';
import { buildCustomId } from './custom-id.ts';
import { buildDecideButton } from './decide-button.ts';

export interface Retried {
  /** Discord's user id. */
  readonly by: string;
  /** The job that followed. */
  readonly as: number;
}

/** Retry (unless nothing of it can ever work) and Details; after a press both the button and the note say so. */
export function failureButtons(
  ended: JobFinished,
  retried?: Retried,
): { readonly buttons: readonly Button[]; readonly note?: string } {
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
    label: retried === undefined ? 'Retry' : `Retried as #${retried.as}`,
    style: 'primary',
    disabled: retried !== undefined,
  };
  const isContested = ended.packages.some((item) => item.reason === 'name-contested');
  const buttons = [retry, details, ...(isContested ? [buildDecideButton(ended.job)] : [])];
  return retried === undefined
    ? { buttons }
    : { buttons, note: `🔁 <@${retried.by}> retried it as #${retried.as}` };
}

function canRetry(ended: JobFinished): boolean {
  const reasons = [ended.failure?.reason, ...ended.packages.map((item) => item.reason)];
  return reasons.some((reason) => reason !== null && reason !== undefined && retryOf(reason) !== 'never');
}

function retryOf(reason: string): string {
  return Object.hasOwn(failureCatalogue, reason) ? failureCatalogue[reason as FailureReason].retry : 'never';
}
