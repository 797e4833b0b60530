import type { Button, Embed } from '../../ports/chat.ts';
import type { ScheduledJobState } from '../../ports/schedule.ts';
import { buildButton } from '../components/button.ts';
import { buildComponentId } from '../components/custom-id.ts';
import { wordActor } from '../interactions/person.ts';
import { type Reply, replyOf, type Select, selectMax } from '../interactions/reply.ts';
import { colors } from '../messages/look.ts';
import { code, cut, inert, limits, takeLines, wordAgo, wordDuration } from '../text/text.ts';

type Run = NonNullable<ScheduledJobState['lastRun']>;

const outcomeSigns = { done: '✅', failed: '❌', interrupted: '⏸️' } as const;

/** Lists the latest failed runs, then the next runs, for the overview. */
export function listRuns(jobs: readonly ScheduledJobState[], max: number): readonly string[] {
  const failed = jobs
    .filter(({ lastRun }) => lastRun?.outcome === 'failed')
    .slice(0, max / 2)
    .map(({ name, lastRun }) => `❌ ${inert(name, 60)} failed ${wordEnd(lastRun)}${wordNote(lastRun, 90)}`);
  const next = jobs
    .filter(({ nextAt }) => nextAt !== undefined)
    .slice(0, max - failed.length)
    .map(({ name, nextAt = 0, runningSince }) => `${inert(name, 60)} ${wordNext(nextAt, runningSince)}`);
  return [...failed, ...next];
}

function wordNext(nextAt: number, runningSince: number | undefined): string {
  return runningSince === undefined ? wordAgo(nextAt) : `runs since ${wordAgo(runningSince)}`;
}

/** Shows all scheduled jobs, with a menu that runs one now; `said` stands above. */
export function renderJobs(jobs: readonly ScheduledJobState[], said: string, at: number): Reply {
  const lines = jobs.flatMap(describe);
  const embed: Embed = {
    title: '🕰️ Scheduled jobs',
    color: jobs.some(({ lastRun }) => lastRun?.outcome === 'failed') ? colors.waiting : colors.published,
    description: takeLines(lines, limits.description).text,
    fields: [],
    footer: '',
    at,
  };
  return replyOf({
    content: said,
    embeds: [embed],
    selects: jobs.length === 0 ? [] : [buildRunMenu(jobs)],
    buttons: jobs.flatMap(buildTurnButton),
  });
}

function describe({ name, schedule, nextAt, runningSince, lastRun }: ScheduledJobState): readonly string[] {
  const next = nextAt === undefined ? 'off' : `${code(schedule, 60)} · next ${wordAgo(nextAt)}`;
  const now = runningSince === undefined ? next : `🚀 runs since ${wordAgo(runningSince)}`;
  return [
    `**${inert(name, 60)}** · ${now}`,
    `-# ${lastRun === undefined ? 'never ran here' : wordRun(lastRun)}`,
  ];
}

/** Words a run as `✅ 3 hours ago · 1.2 s · 127 looked, 5 unknown`. */
export function wordRun(run: Run): string {
  const { cause, askedBy, startedAt, endedAt = startedAt, outcome = 'interrupted' } = run;
  const why = cause === 'asked' ? ` · asked for by ${wordActor(askedBy ?? '')}` : '';
  const took = ` · ${wordDuration(endedAt - startedAt)}${why}`;
  return `${outcomeSigns[outcome]} ${outcome} ${wordEnd(run)}${took}${wordCounts(run)}${wordNote(run, 200)}`;
}

function wordEnd(run: Run | undefined): string {
  return run === undefined ? '' : wordAgo(run.endedAt ?? run.startedAt);
}

function wordCounts({ counts }: Run): string {
  const words = Object.entries(counts).map(([what, count]) => `${count} ${inert(what, 40)}`);
  return words.length === 0 ? '' : ` · ${words.join(', ')}`;
}

function wordNote(run: Run | undefined, max: number): string {
  return run?.note === undefined ? '' : `: ${inert(run.note, max)}`;
}

function buildRunMenu(jobs: readonly ScheduledJobState[]): Select {
  return {
    id: buildComponentId('run', 'job'),
    placeholder: 'Run one now',
    max: 1,
    options: jobs.slice(0, selectMax.options).map(({ name, about }) => ({
      value: name,
      label: cut(name, selectMax.text),
      description: cut(about, selectMax.text),
    })),
  };
}

/** Builds the button only for jobs that operators may turn on and off. */
function buildTurnButton({ name, isTurnedOn }: ScheduledJobState): readonly Button[] {
  if (isTurnedOn === undefined) return [];
  const label = isTurnedOn ? `Turn ${name} off` : `Turn ${name} on…`;
  return [buildButton('turn', name, label)];
}
