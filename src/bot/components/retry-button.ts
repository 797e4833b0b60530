import type { RetryResult } from '../../ports/job-retries.ts';
import { inert } from '../text.ts';
import { type ButtonHandler, refusePress, userOf, whyNotAllowed } from './button.ts';

/** Queues the failed job's dispatch again; adds no power beyond the push that asked for it. */
export const retryButton: ButtonHandler = {
  action: 'retry',
  async press(context, job, presser) {
    const refusal = whyNotAllowed(presser, context);
    if (refusal !== undefined) return refusePress(context, presser, `#${job}`, refusal);
    const result = await context.retries.retry(job, presser.userId);
    if (result.kind === 'queued') context.onRetried();
    context.logger.info('retry pressed', { job, user: presser.userId, result: result.kind });
    return { content: wordResult(job, result) };
  },
};

function wordResult(job: number, result: RetryResult): string {
  switch (result.kind) {
    case 'queued':
      return `Queued as #${result.job}.`;
    case 'followed':
      return wordFollowed(job, result);
    case 'not-failed':
      return `#${job} is ${result.status}: there is nothing to retry.`;
    case 'repository-disabled':
      return `${inert(result.repository, 200)} is disabled. An operator sets it to active first.`;
    case 'unknown':
      return `There is no job #${job} here. The message may be from another installation.`;
  }
}

function wordFollowed(job: number, next: Extract<RetryResult, { kind: 'followed' }>): string {
  const user = userOf(next.requestedBy);
  if (user === undefined) return `#${job} was already followed by #${next.job} (${next.status}).`;
  return `#${job} was already retried by <@${user}> as #${next.job} (${next.status}).`;
}
