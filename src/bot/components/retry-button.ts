import { actorOf } from '../interactions/person.ts';
import { wordRetried } from '../messages/retried.ts';
import type { ButtonHandler } from './button.ts';

/** Queues the failed job's dispatch again. Adds no power beyond the push that asked for it. */
export const retryButton: ButtonHandler = {
  action: 'retry',
  access: 'retriers',
  async press(context, job, presser) {
    const result = await context.retries.retry(job, actorOf(presser));
    if (result.kind === 'queued') context.onRetried();
    context.logger.info('retry pressed', { job, user: presser.userId, result: result.kind });
    return { content: wordRetried(job, result) };
  },
};
