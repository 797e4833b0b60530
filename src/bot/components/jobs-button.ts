import type { Button } from '../../ports/chat.ts';
import type { Handler } from '../interactions/handler.ts';
import { renderJobs } from '../pages/scheduled-jobs.ts';
import { buildButton } from './button.ts';

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
  return buildButton(action, 'all', 'Scheduled jobs…');
}
