import type { Button } from '../../ports/chat.ts';
import { retryJob } from '../../publisher/operations/retry-job.ts';
import type { Handler } from '../interactions/handler.ts';
import { say } from '../interactions/reply.ts';
import { wordRetried } from '../messages/retried.ts';
import { buildButton } from './button.ts';

/** Queues the failed job's dispatch again. Adds no power beyond the push that asked for it. */
export const retryButton: Handler = {
  action: 'retry',
  access: 'retriers',
  of: 'job',
  acknowledge: 'reply',
  press: async ({ ask, logger }, { id, actor, person }) => {
    const job = Number(id);
    const result = await ask(retryJob, job, actor);
    logger.info('retry pressed', { job, user: person.userId, result: result.kind });
    return say(wordRetried(job, result));
  },
};

/** The button for the message of a failed job; disabled once `done` says what became of it. */
export function buildRetryButton(job: number, done?: string): Button {
  return buildButton('retry', job, done ?? 'Retry', { style: 'primary', disabled: done !== undefined });
}
