import type { Button } from '../../ports/chat.ts';
import { describeJob } from '../../publisher/operations/describe.ts';
import type { Handler } from '../interactions/handler.ts';
import { say } from '../interactions/reply.ts';
import { askForPackage, listPublished } from '../menus/entry-menu.ts';
import { wordRefusal } from '../messages/refusals.ts';
import { answerChangelog } from '../pages/changelog-answer.ts';
import { olderVersion } from '../pages/proposals.ts';
import { buildButton } from './button.ts';
import { parseNumber } from './custom-id.ts';

const action = 'changelog';

/** Shows the presser what the job published: the changelog entry of a single package, or a menu of several. */
export const changelogButton: Handler = {
  action,
  access: 'everyone',
  of: 'answer',
  acknowledge: 'update',
  press: async (context, { id, person, signal }) => {
    const job = parseNumber(id);
    if (job === undefined) return olderVersion;
    const found = await context.ask(describeJob, job);
    if (found.kind !== 'job') return say(wordRefusal(found));
    const [first, ...others] = listPublished(found.report);
    if (first === undefined) return say(`#${job} has published nothing.`);
    if (others.length > 0) return askForPackage(job, [first, ...others]);
    return await answerChangelog(context, { person, signal }, first.name, first.version);
  },
};

/** The button for the message of a job that published something. */
export function buildChangelogButton(job: number): Button {
  return buildButton(action, job, 'Changelog');
}
