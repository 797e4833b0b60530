import type { RetryResult } from '../../ports/job-retries.ts';
import { inert } from '../text.ts';
import { type ButtonHandler, whyNotAllowed } from './button.ts';

/** Queues the failed job's dispatch again; adds no power beyond the push that asked for it. */
export const retryButton: ButtonHandler = {
  action: 'retry',
  async press(context, job, presser) {
    const refusal = whyNotAllowed(presser, context);
    if (refusal !== undefined) {
      context.logger.warn('a press was refused', { job, user: presser.userId });
      return { content: refusal };
    }
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
      return `#${job} was already retried as #${result.job} (${result.status}).`;
    case 'not-failed':
      return `#${job} is ${result.status}: there is nothing to retry.`;
    case 'repository-disabled':
      return `${inert(result.repository, 200)} is disabled. An operator sets it to active first.`;
    case 'unknown':
      return `There is no job #${job} here. The message may be from another installation.`;
  }
}
