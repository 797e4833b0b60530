import type { Button } from '../../ports/chat.ts';
import type { CancelResult } from '../../ports/jobs.ts';
import { cancelJob } from '../../publisher/operations/cancel-job.ts';
import type { Handler } from '../interactions/handler.ts';
import { say } from '../interactions/reply.ts';
import { buildButton } from './button.ts';

/** The button for the live message of a job that is queued or running. */
export function buildCancelButton(job: number): Button {
  return buildButton('cancel', job, 'Cancel', { style: 'danger' });
}

/** The button for the message of a finished job that holds versions. */
export function buildStopWaitingButton(job: number): Button {
  return buildButton('cancel', job, 'Stop waiting');
}

/** Cancels the job; for operators. The live message then says who cancelled it. */
export const cancelButton: Handler = {
  action: 'cancel',
  access: 'operators',
  of: 'job',
  acknowledge: 'reply',
  press: async ({ ask, logger }, { id, actor, person }) => {
    const job = Number(id);
    const result = await ask(cancelJob, job, actor);
    logger.info('cancel pressed', { job, user: person.userId, result: result.kind });
    return say(wordResult(job, result));
  },
};

function wordResult(job: number, result: CancelResult): string {
  switch (result.kind) {
    case 'cancelled':
      return `#${job} is cancelled.`;
    case 'stopping':
      return `#${job} is being stopped. What is on the registry already stays there.`;
    case 'no-longer-waits':
      return result.count === 1
        ? `What #${job} held does not wait any more.`
        : `The ${result.count} versions that #${job} held do not wait any more.`;
    case 'over':
      return `#${job} is over: there is nothing to cancel.`;
  }
}
