import type { Button } from '../../ports/channel.ts';
import { answerChangelog } from '../changelog-answer.ts';
import type { ComponentHandler } from '../command.ts';
import { olderVersion } from '../embeds/proposals.ts';
import { wordRefusal } from '../embeds/refusals.ts';
import { say } from '../reply.ts';
import { askForPackage, listPublished } from './changelog-menu.ts';
import { buildCustomId, parseNumber } from './custom-id.ts';

const action = 'changelog';

/** Shows the presser what the job published: the entry of its only package, or a menu of its packages. */
export const changelogButton: ComponentHandler = {
  action,
  access: 'everyone',
  press: async (context, { id, person, signal }) => {
    const job = parseNumber(id);
    if (job === undefined) return olderVersion;
    const found = await context.operations.describeJob(job);
    if (found.kind !== 'job') return { aside: say(wordRefusal(found)) };
    const [first, ...others] = listPublished(found.report);
    if (first === undefined) return { aside: say(`#${job} has published nothing.`) };
    if (others.length > 0) return { aside: askForPackage(job, [first, ...others]) };
    return { aside: await answerChangelog(context, { person, signal }, first.name, first.version) };
  },
};

/** On the message of what a job published. */
export function buildChangelogButton(job: number): Button {
  const id = buildCustomId({ action, job });
  return { kind: 'action', id, label: 'Changelog', style: 'secondary', disabled: false };
}
