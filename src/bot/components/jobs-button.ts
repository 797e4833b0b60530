import type { Button } from '../../ports/chat.ts';
import type { Handler } from '../interactions/handler.ts';
import { renderJobs } from '../pages/scheduled-jobs.ts';
import { buildComponentId } from './custom-id.ts';

const action = 'jobs';

/** Lists the scheduled jobs, for operators, who may run them. */
export const jobsButton: Handler = {
  action,
  access: 'operators',
  of: 'answer',
  acknowledge: 'update',
  press: async ({ schedule, clock }) => renderJobs(await schedule.list(), '', clock.now()),
};

/** The button below the overview. */
export function buildJobsButton(): Button {
  const id = buildComponentId(action, 'all');
  return { kind: 'action', id, label: 'Scheduled jobs…', style: 'secondary', disabled: false };
}
