import type { Button } from '../../ports/chat.ts';
import type { CancelResult } from '../../ports/jobs.ts';
import { actorOf } from '../interactions/person.ts';
import type { ButtonHandler } from './button.ts';
import { buildCustomId } from './custom-id.ts';

/** The button for the live message of a job that is queued or running. */
export function buildCancelButton(job: number): Button {
  const id = buildCustomId({ action: 'cancel', job });
  return { kind: 'action', id, label: 'Cancel', style: 'danger', disabled: false };
}

/** The button for the message of a finished job that holds versions. */
export function buildStopWaitingButton(job: number): Button {
  const id = buildCustomId({ action: 'cancel', job });
  return { kind: 'action', id, label: 'Stop waiting', style: 'secondary', disabled: false };
}

/** Cancels the job; for operators. The live message then says who cancelled it. */
export const cancelButton: ButtonHandler = {
  action: 'cancel',
  access: 'operators',
  async press(context, job, presser) {
    const result = await context.cancels.cancel(job, actorOf(presser));
    context.logger.info('cancel pressed', { job, user: presser.userId, result: result.kind });
    return { content: wordResult(job, result) };
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
