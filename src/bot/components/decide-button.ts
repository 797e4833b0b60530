import type { JobReport } from '../../domain/job/report.ts';
import type { Button } from '../../ports/chat.ts';
import { describeJob } from '../../publisher/operations/describe.ts';
import type { Handler } from '../interactions/handler.ts';
import { askForOwner, wordOtherWay } from '../interactions/owner-question.ts';
import { replyOf, type Select, say, selectMax } from '../interactions/reply.ts';
import { wordRefusal } from '../messages/refusals.ts';
import { olderVersion } from '../pages/proposals.ts';
import { buildButton } from './button.ts';
import { parseNumber } from './custom-id.ts';

const action = 'decide';

/** Opens one menu for each undecided package name of the job, listing the repositories that hold it. */
export const decideButton: Handler = {
  action,
  access: 'operators',
  of: 'answer',
  acknowledge: 'update',
  press: async (context, { id, actor }) => {
    const job = parseNumber(id);
    if (job === undefined) return olderVersion;
    const found = await context.ask(describeJob, job);
    if (found.kind !== 'job') return say(wordRefusal(found));
    const names = listContested(found.report);
    const selects: Select[] = [];
    for (const name of names) {
      if (selects.length === selectMax.perMessage) break;
      const select = await askForOwner(context, name, actor);
      if (select !== undefined) selects.push(select);
    }
    if (selects.length === 0) return say(wordOtherWay(names));
    const content =
      selects.length < names.length
        ? 'Which repository owns the name? Press the button again for the other names.'
        : 'Which repository owns the name?';
    return replyOf({ content, selects });
  },
};

/** The button for the message that says the owner of a name is undecided. */
export function buildDecideButton(job: number): Button {
  return buildButton(action, job, 'Decide owner…');
}

function listContested({ packages }: JobReport): readonly string[] {
  return [...new Set(packages.filter((item) => item.reason === 'name-contested').map((item) => item.name))];
}
