import type { JobReport, PackageReport } from '../../domain/job/report.ts';
import { describeJob } from '../../publisher/operations/describe.ts';
import { buildComponentId, parseNumber } from '../components/custom-id.ts';
import type { Handler } from '../interactions/handler.ts';
import { type Reply, replyOf, type Select, say, selectMax } from '../interactions/reply.ts';
import { wordRefusal } from '../messages/refusals.ts';
import { answerChangelog } from '../pages/changelog-answer.ts';
import { olderVersion } from '../pages/proposals.ts';
import { cut, plainLine } from '../text/text.ts';

const action = 'entry';

/** Shows the changelog entry of the chosen package of a job. */
export const entryMenu: Handler = {
  action,
  access: 'everyone',
  of: 'answer',
  acknowledge: 'update',
  press: async (context, { id, values, person, signal }) => {
    const [job, index] = [parseNumber(id.split('-')[0] ?? ''), Number(values[0])];
    if (job === undefined) return olderVersion;
    const found = await context.ask(describeJob, job);
    if (found.kind !== 'job') return say(wordRefusal(found));
    const chosen = listPublished(found.report)[index];
    if (chosen === undefined) return olderVersion;
    return await answerChangelog(context, { person, signal }, chosen.name, chosen.version);
  },
};

/** Lists the published packages in the report's order, which does not change once the job has ended. */
export function listPublished({ packages }: JobReport): readonly PackageReport[] {
  return packages.filter((item) => item.outcome === 'published');
}

/** Builds menus of the packages a job published; for those that do not fit, the answer names the command. */
export function askForPackage(job: number, published: readonly PackageReport[]): Reply {
  const room = selectMax.options * selectMax.perMessage;
  const selects: Select[] = [];
  for (let from = 0; from < Math.min(published.length, room); from += selectMax.options) {
    selects.push(buildMenu(job, published, from));
  }
  const left = published.length - room;
  const rest = left > 0 ? ` \`/changelog\` shows those of ${left} more.` : '';
  return replyOf({ content: `The changelog of which package?${rest}`, selects });
}

function buildMenu(job: number, published: readonly PackageReport[], from: number): Select {
  const options = published.slice(from, from + selectMax.options);
  return {
    id: buildComponentId(action, `${job}-${from}`),
    placeholder: `Packages ${from + 1} to ${from + options.length}`,
    max: 1,
    options: options.map(({ name, version }, at) => ({
      value: String(from + at),
      label: cut(plainLine(name), selectMax.text) || '—',
      description: cut(plainLine(version ?? ''), selectMax.text),
    })),
  };
}
