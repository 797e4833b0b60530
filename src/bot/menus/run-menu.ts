import type { AskedRun } from '../../ports/schedule.ts';
import { atMost } from '../../publisher/pacing/wait.ts';
import type { Handler } from '../interactions/handler.ts';
import { say } from '../interactions/reply.ts';
import { renderJobs, wordRun } from '../pages/scheduled-jobs.ts';
import { code, wordAgo } from '../text/text.ts';

/** The longest wait for a run: Discord accepts the answer for 15 minutes, and a run may take longer. */
const waitMs = 10 * 60_000;

/** Runs a scheduled job now; the list then shows how it ended. */
export const runMenu: Handler = {
  action: 'run',
  access: 'operators',
  of: 'answer',
  acknowledge: 'update',
  press: async (context, { values, actor, show }) => {
    const { clock, logger, schedule } = context;
    const name = values[0] ?? '';
    logger.info('scheduled job asked for', { job: name, by: actor });
    show(say(`⏳ ${code(name, 100)} runs …`));
    const said = wordAnswer(name, await atMost(clock, waitMs, schedule.runNow(name, actor)));
    return { replace: renderJobs(await schedule.list(), said, clock.now()) };
  },
};

function wordAnswer(name: string, answer: AskedRun | undefined): string {
  const job = code(name, 100);
  if (answer === undefined) return `⏳ ${job} still runs. \`/status\` says when it has ended.`;
  switch (answer.kind) {
    case 'ran':
      return `${job}: ${wordRun(answer.run)}`;
    case 'runs-already':
      return answer.since === undefined
        ? `${job} waits for its turn already.`
        : `${job} runs already, since ${wordAgo(answer.since)}.`;
    case 'unknown':
      return `There is no job ${job} here, or the publisher stops just now.`;
  }
}
