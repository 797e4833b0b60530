import type { Finding } from '../../domain/job/report.ts';
import { listAllowableSecrets } from '../../domain/package/finding.ts';
import type { Button } from '../../ports/chat.ts';
import { describeJob } from '../../publisher/operations/describe.ts';
import { allowSecrets } from '../../publisher/operations/retry-job.ts';
import type { BotContext } from '../interactions/context.ts';
import type { Handler } from '../interactions/handler.ts';
import { say, selectMax } from '../interactions/reply.ts';
import { readReason, reasonField } from '../menus/reason-field.ts';
import { wordRefusal } from '../messages/refusals.ts';
import { wordRetried } from '../messages/retried.ts';
import { cut, plainLine } from '../text/text.ts';
import { buildButton } from './button.ts';
import { buildComponentId, parseNumber } from './custom-id.ts';

const action = 'secret';
const findingsField = 'findings';

/**
 * Opens a form that allows false positives of the secret scanner one by one, by fingerprint; the rule itself stays a
 * gate.
 */
export const secretButton: Handler = {
  action,
  access: 'operators',
  of: 'answer',
  acknowledge: 'form',
  press: async (context, { id }) => {
    const found = await findSecrets(context, id);
    if (typeof found === 'string') return say(found);
    const { job, secrets } = found;
    const options = secrets.slice(0, selectMax.options).map((finding, index) => ({
      value: String(index),
      label: cut(plainLine(wordPlace(finding)), selectMax.text),
      description: cut(plainLine(finding.message), selectMax.text),
    }));
    return {
      id: buildComponentId(action, job),
      title: `Allow a secret finding (#${job})`,
      fields: [
        { kind: 'select', id: findingsField, label: 'Which of them are no secrets', options },
        reasonField,
      ],
    };
  },
  submit: async (context, filled) => {
    const found = await findSecrets(context, filled.about);
    if (typeof found === 'string') return say(found);
    const { job, secrets } = found;
    const reason = readReason(filled);
    if (reason === '') return say('Say why it is no secret.');
    const chosen = filled.values(findingsField).map(Number);
    const fingerprints = secrets.flatMap((one, index) => (chosen.includes(index) ? [one.fingerprint] : []));
    const { actor: by } = filled;
    const result = await context.ask(allowSecrets, { job, fingerprints, reason, by });
    context.logger.info('a secret finding was allowed', { job, by, result: result.kind });
    return say(wordRetried(job, result));
  },
};

/** The button for the message of a job with secret findings that can be allowed one by one. */
export function buildSecretButton(job: number, disabled = false): Button {
  return buildButton(action, job, 'Allow this secret finding…', { disabled });
}

function wordPlace({ file = 'the package', line }: Finding): string {
  return line === undefined ? file : `${file}:${line}`;
}

/**
 * Returns the findings that can be allowed, or the sentence that says why there are none. The same value in two files
 * counts once.
 */
async function findSecrets(
  { ask }: BotContext,
  about: string,
): Promise<{ readonly job: number; readonly secrets: ReturnType<typeof listAllowableSecrets> } | string> {
  const job = parseNumber(about);
  if (job === undefined) return 'This button is from an older version. Use the newest message of this job.';
  const found = await ask(describeJob, job);
  if (found.kind !== 'job') return wordRefusal(found);
  const all = found.report.packages.flatMap((item) => listAllowableSecrets(item));
  const secrets = [...new Map(all.map((finding) => [finding.fingerprint, finding])).values()];
  return secrets.length === 0 ? wordRetried(job, { kind: 'nothing-to-allow' }) : { job, secrets };
}
