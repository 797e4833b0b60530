import type { PackageReport } from '../../domain/job/report.ts';
import type { Button } from '../../ports/chat.ts';
import type { FoundJob } from '../../ports/jobs.ts';
import { describeJob } from '../../publisher/operations/describe.ts';
import type { Handler } from '../interactions/handler.ts';
import { replyOf, say } from '../interactions/reply.ts';
import { listFinding } from '../messages/findings.ts';
import { listEvent, wordEvent } from '../messages/job-events.ts';
import { wordStatus } from '../messages/signs.ts';
import { inert, limits, plainLine, takeLines, wordDuration } from '../text/text.ts';
import { buildButton } from './button.ts';

/** How many events of a job's history are shown, each a line of at most about 300 characters. */
const eventsShown = 12;
const introMax = 1_700;

/** Shows the presser a job's history, its stages with their durations, every finding, and its last log lines. */
export const detailsButton: Handler = {
  action: 'details',
  access: 'everyone',
  of: 'job',
  acknowledge: 'reply',
  press: async ({ ask, recentLog }, { id }) => {
    const job = Number(id);
    const found = await ask(describeJob, job);
    if (found.kind !== 'job') return say(`There is no job #${job} here.`);
    const intro = introduce(found);
    const text = describe(found, recentLog(job));
    // A code fence inside the text would end the block.
    const block = `\`\`\`\n${text.replaceAll('`', 'ʼ')}\n\`\`\``;
    const whole = text === '' ? intro.text : `${intro.text}\n${block}`;
    if (whole.length <= limits.content && intro.isWhole) return say(whole);
    const lines = [headOf(found), ...found.history.map(listEvent), '', text];
    const content = `${intro.text}\nStages, findings and log: attached.`;
    return replyOf({
      content,
      files: [{ name: `job-${job}-details.txt`, text: `${lines.join('\n').trim()}\n` }],
    });
  },
};

/** The button for the message of a job that is over. */
export function buildDetailsButton(job: number): Button {
  return buildButton('details', job, 'Details');
}

/** Words who asked for the job, when each attempt began, what it waited for and what followed. */
function introduce({ report, repository, history, commit }: FoundJob): {
  readonly text: string;
  readonly isWhole: boolean;
} {
  const head = `**#${report.job} ${wordStatus(report.status)}** · ${inert(repository, 200)} · \`${commit.slice(0, 7)}\``;
  // The beginning and the most recent events are the most useful.
  const isLong = history.length > eventsShown;
  const events = isLong ? [...history.slice(0, 2), ...history.slice(3 - eventsShown)] : history;
  const lines = events.map(wordEvent);
  const more = isLong ? [`… ${history.length - events.length} more in the attached file`] : [];
  const shown = [head, ...lines.slice(0, 2), ...more, ...lines.slice(2)];
  const { text, left } = takeLines(shown, introMax);
  return { text, isWhole: left === 0 && !isLong };
}

function headOf({ report, repository, commit }: FoundJob): string {
  return plainLine(`#${report.job}  ${report.status}  ${repository}  ${commit}`);
}

function describe({ report }: FoundJob, log: readonly string[]): string {
  const stages = report.stages.map((stage) => {
    const took = stage.durationMs === undefined ? 'not finished' : wordDuration(stage.durationMs);
    return `${stage.stage.padEnd(16)} ${took.padStart(12)}  ${stage.package ?? ''}${stage.attempt > 1 ? `  attempt ${stage.attempt}` : ''}`;
  });
  const findings = report.packages.flatMap((item) => listFindings(item));
  return [...stages, ...findings, '', ...log].join('\n').trim();
}

/** Lists every finding of a package, `info` included. */
function listFindings({ name, version, findings }: PackageReport): readonly string[] {
  if (findings.length === 0) return [];
  return [
    '',
    plainLine(`${name} ${version ?? ''}`),
    ...findings.map((finding) => `  ${listFinding(finding)}`),
  ];
}
