import type { PackageReport } from '../../domain/job/report.ts';
import { canPublishAnyway, listBlocking } from '../../domain/package/finding.ts';
import type { Button } from '../../ports/chat.ts';
import { describeJob } from '../../publisher/operations/describe.ts';
import { publishAnyway } from '../../publisher/operations/retry-job.ts';
import type { BotContext } from '../interactions/context.ts';
import type { FormField } from '../interactions/form.ts';
import type { Handler } from '../interactions/handler.ts';
import { say, selectMax } from '../interactions/reply.ts';
import { readReason, reasonField } from '../menus/reason-field.ts';
import { wordRefusal } from '../messages/refusals.ts';
import { wordRetried } from '../messages/retried.ts';
import { cut, plainLine } from '../text/text.ts';
import { buildButton } from './button.ts';
import { buildComponentId, parseNumber } from './custom-id.ts';

const action = 'anyway';
const packagesField = 'packages';

/**
 * Opens a form that publishes versions which preflight blocked: exactly these, with a reason that is kept with them.
 */
export const anywayButton: Handler = {
  action,
  access: 'operators',
  of: 'answer',
  acknowledge: 'form',
  press: async (context, { id }) => {
    const found = await findPackages(context, id);
    if (typeof found === 'string') return say(found);
    const { job, packages } = found;
    const options = packages.slice(0, selectMax.options).map((item, index) => ({
      // The index, because a package name may be longer than an option's value.
      value: String(index),
      label: cut(plainLine(`${item.name} ${item.version ?? ''}`), selectMax.text),
      description: cut(plainLine(item.title ?? ''), selectMax.text),
    }));
    const which = { kind: 'select', id: packagesField, label: 'Which packages', options } as const;
    return {
      id: buildComponentId(action, job),
      title: `Publish anyway (#${job})`,
      fields: packages.length > 1 ? [which, reasonField] : packages.map(askAbout),
    };
  },
  submit: async (context, filled) => {
    const found = await findPackages(context, filled.about);
    if (typeof found === 'string') return say(found);
    const { job, packages } = found;
    const reason = readReason(filled);
    if (reason === '') return say('Say why it is to be published anyway.');
    const chosen = packages.length > 1 ? filled.values(packagesField).map(Number) : [0];
    const names = packages.flatMap(({ name }, index) => (chosen.includes(index) ? [name] : []));
    const { actor: by } = filled;
    const result = await context.ask(publishAnyway, { job, names, reason, by });
    context.logger.info('publish anyway pressed', { job, by, result: result.kind });
    return say(wordRetried(job, result));
  },
};

/** The button for the message of a job with packages that an operator may let through. */
export function buildAnywayButton(job: number, disabled = false): Button {
  return buildButton(action, job, 'Publish anyway…', { style: 'danger', disabled });
}

/** The field for the reason, with the package and the number of its findings above it. */
function askAbout({ name, version, findings }: PackageReport): FormField {
  const count = listBlocking({ findings }).length;
  const what = count === 1 ? 'a finding' : `${count} findings`;
  return { ...reasonField, about: plainLine(`${name} ${version ?? ''}, in spite of ${what}`) };
}

/** Returns the packages that can be let through, or the sentence that says why there are none. */
async function findPackages(
  { ask }: BotContext,
  about: string,
): Promise<{ readonly job: number; readonly packages: readonly PackageReport[] } | string> {
  const job = parseNumber(about);
  if (job === undefined) return 'This button is from an older version. Use the newest message of this job.';
  const found = await ask(describeJob, job);
  if (found.kind !== 'job') return wordRefusal(found);
  const packages = found.report.packages.filter((item) => canPublishAnyway(item));
  return packages.length === 0 ? wordRetried(job, { kind: 'nothing-to-allow' }) : { job, packages };
}
