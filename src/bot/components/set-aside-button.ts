import type { Button } from '../../ports/chat.ts';
import type { DismissResult } from '../../ports/jobs.ts';
import { actorOf, whyNotOperator } from '../interactions/person.ts';
import { type ButtonHandler, refusePress, userOf } from './button.ts';
import { buildCustomId } from './custom-id.ts';

/** Below the reminder of a failure. */
export function buildSetAsideButton(job: number): Button {
  const id = buildCustomId({ action: 'setaside', job });
  return { kind: 'action', id, label: 'Dismiss', style: 'secondary', disabled: false };
}

/** Nothing is to be done about a failure, says an operator: nobody is reminded of it any more. */
export const setAsideButton: ButtonHandler = {
  action: 'setaside',
  async press(context, job, presser) {
    const refusal = whyNotOperator(presser, context.operatorRoleIds);
    if (refusal !== undefined) return refusePress(context, presser, `#${job}`, refusal);
    const result = await context.retries.dismiss(job, actorOf(presser));
    context.logger.info('dismiss pressed', { job, user: presser.userId, result: result.kind });
    return { content: wordResult(job, result) };
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
