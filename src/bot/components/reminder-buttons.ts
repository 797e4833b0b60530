import type { OpenFailure } from '../../domain/job/open-failure.ts';
import type { Button } from '../../ports/chat.ts';
import { buildCustomId } from './custom-id.ts';
import { buildDismissButton } from './dismiss-button.ts';

/** Builds the buttons for a failure of an earlier day. */
export function reminderButtons({ job, isRetryable }: OpenFailure): readonly Button[] {
  const retry: Button = {
    kind: 'action',
    id: buildCustomId({ action: 'retry', job }),
    label: 'Retry',
    style: 'primary',
    disabled: false,
  };
  const details: Button = {
    kind: 'action',
    id: buildCustomId({ action: 'details', job }),
    label: 'Details',
    style: 'secondary',
    disabled: false,
  };
  return [...(isRetryable ? [retry] : []), details, buildDismissButton(job)];
}
