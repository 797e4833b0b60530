import type { Button } from '../../ports/chat.ts';
import type { DismissResult } from '../../ports/jobs.ts';
import { dismissFailure } from '../../publisher/operations/retry-job.ts';
import type { Handler } from '../interactions/handler.ts';
import { userOf } from '../interactions/person.ts';
import { say } from '../interactions/reply.ts';
import { buildButton } from './button.ts';

/** The button below the reminder of a failure. */
export function buildDismissButton(job: number): Button {
  return buildButton('dismiss', job, 'Dismiss');
}

/** Lets an operator mark a failure as needing no action, so nobody is reminded of it again. */
export const dismissButton: Handler = {
  action: 'dismiss',
  access: 'operators',
  of: 'job',
  acknowledge: 'reply',
  press: async ({ ask, logger }, { id, actor, person }) => {
    const job = Number(id);
    const result = await ask(dismissFailure, job, actor);
    logger.info('dismiss pressed', { job, user: person.userId, result: result.kind });
    return say(wordResult(job, result));
  },
};

function wordResult(job: number, result: DismissResult): string {
  switch (result.kind) {
    case 'dismissed':
      return `#${job} is dismissed: it counts as open no more.`;
    case 'already': {
      const user = userOf(result.by);
      return `#${job} was already dismissed${user === undefined ? '' : ` by <@${user}>`}.`;
    }
    case 'not-failed':
      return `#${job} is ${result.status}: there is nothing to dismiss.`;
    case 'unknown':
      return `There is no job #${job} here. The message may be from another installation.`;
  }
}
