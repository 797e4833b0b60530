import type { OpenFailure } from '../../domain/job/open-failure.ts';
import type { Button } from '../../ports/chat.ts';
import { buildDetailsButton } from './details-button.ts';
import { buildDismissButton } from './dismiss-button.ts';
import { buildRetryButton } from './retry-button.ts';

/** Builds the buttons for a failure of an earlier day. */
export function reminderButtons({ job, isRetryable }: OpenFailure): readonly Button[] {
  const retry = isRetryable ? [buildRetryButton(job)] : [];
  return [...retry, buildDetailsButton(job), buildDismissButton(job)];
}
