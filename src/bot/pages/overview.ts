import type { JobLine } from '../../domain/job/job-line.ts';
import type { DriftSummary } from '../../domain/package/drift.ts';
import type { Embed } from '../../ports/chat.ts';
import type { Overview } from '../../publisher/operations/describe-overview.ts';
import type { ComponentState, Readiness } from '../../publisher/queue/readiness.ts';
import { buildJobsButton } from '../components/jobs-button.ts';
import { wordActor } from '../interactions/person.ts';
import { type Reply, replyOf } from '../interactions/reply.ts';
import { colors, commitLink, field, type Links, withFields } from '../messages/look.ts';
import { componentSigns, driftOrder, driftWords, statusSigns, wordStatus } from '../messages/signs.ts';
import { inert, wordAgo, wordDuration } from '../text/text.ts';
import { buildAuditButton } from './audit-page.ts';
import { attachText, listField } from './lists.ts';
import { listRuns } from './scheduled-jobs.ts';

const shownMax = { waits: 5, jobs: 5, runs: 6 } as const;

/** Shows what works, what waits, and what happened last. */
export function renderOverview(overview: Overview, links: Links, at: number): Reply {
  const { readiness, waitsForPerson, lastJobs, scheduledJobs } = overview;
  const waits = listField(
    '🙋 Waits for a person',
    waitsForPerson.map((sentence) => `• ${inert(sentence, 180)}`),
    shownMax.waits,
  );
  const jobs = lastJobs.slice(0, shownMax.jobs).map((line) => wordJob(line, links, { withRepository: true }));
  const runs = listRuns(scheduledJobs, shownMax.runs);
  const embed: Embed = {
    title: '📊 Status',
    color: colorOf(overview),
    description: wordState(overview),
    fields: [field('Connections', wordReadiness(readiness))],
    footer: '',
    at,
  };
  const fitted = withFields(embed, [
    ...(waitsForPerson.length === 0 ? [] : [waits.field]),
    field('Queue', wordQueue(overview), true),
    field('Repositories', wordRepositories(overview), true),
    field('Packages', wordDriftCounts(overview.drift), true),
    ...(jobs.length === 0 ? [] : [field('Last jobs', jobs.join('\n'))]),
    ...(runs.length === 0 ? [] : [field('Next runs', runs.join('\n'))]),
  ]);
  const isWhole = waits.left === 0 || waitsForPerson.length === 0;
  return replyOf({
    embeds: [fitted.embed],
    files: isWhole ? [] : [attachText('waits-for-a-person', waitsForPerson)],
    buttons: [
      ...(scheduledJobs.length === 0 ? [] : [buildJobsButton()]),
      buildAuditButton({ of: undefined, beside: undefined }),
    ],
  });
}

function listStates(readiness: Readiness): readonly ComponentState['state'][] {
  return Object.values(readiness).map(({ state }: ComponentState) => state);
}

function colorOf({ readiness, parked, waitsForPerson }: Overview): number {
  const states = listStates(readiness);
  if (states.includes('down')) return colors.failed;
  return states.includes('degraded') || parked > 0 || waitsForPerson.length > 0
    ? colors.waiting
    : colors.published;
}

function wordState({ readiness, waitsForPerson }: Overview): string {
  const states = listStates(readiness);
  const down = states.filter((state) => state === 'down').length;
  const working = down > 0 ? `🔴 ${down} of ${states.length} connections down` : '🟢 Publishing works';
  const waiting = waitsForPerson.length;
  if (waiting === 0) return `**${working}**`;
  return `**${working}** · ${waiting === 1 ? 'one thing waits' : `${waiting} things wait`} for a person`;
}

/** Words a component as `🔴 registry since 3 minutes ago: HTTP 503`. */
function wordReadiness(readiness: Readiness): string {
  const lines = Object.entries(readiness).map(([name, { state, since, why }]) => {
    const sign = componentSigns[state as ComponentState['state']];
    if (state === 'ok') return `${sign} ${name}${why === null ? '' : `: ${inert(why, 90)}`}`;
    const from = since === null ? '' : ` since ${wordAgo(Date.parse(since))}`;
    return `${sign} ${name}${from}${why === null ? '' : `: ${inert(why, 90)}`}`;
  });
  return lines.join('\n');
}

function wordQueue({ running, queued, parked, held, pendingChangelogs }: Overview): string {
  const waiting = held === 0 ? '' : `\n⏸️ ${held} held`;
  const owed = pendingChangelogs === 0 ? '' : `\n📝 ${pendingChangelogs} changelogs owed`;
  return `🚀 ${running} running\n⏳ ${queued} queued\n🅿️ ${parked} parked${waiting}${owed}`;
}

function wordRepositories({ repositories }: Overview): string {
  return `✅ ${repositories.active} active\n⏳ ${repositories.pending} pending\n🚫 ${repositories.disabled} disabled`;
}

function wordDriftCounts(drift: DriftSummary): string {
  const lines = driftOrder
    .filter((kind) => drift[kind] > 0)
    .map((kind) => `${driftWords[kind].sign} ${drift[kind]} ${driftWords[kind].words}`);
  return lines.length === 0 ? 'none known yet' : lines.join('\n');
}

/** Words a job as `✅ #12 published · o/r abc1234 · <@1> · 3.2 s · an hour ago`. */
export function wordJob(line: JobLine, links: Links, options: { readonly withRepository: boolean }): string {
  const { job, status, waitingFor, repository, commit, requestedBy, durationMs, at } = line;
  const waiting = waitingFor === null ? '' : `, waits for ${inert(waitingFor, 30)}`;
  const where = options.withRepository ? ` · ${inert(repository, 60)}` : '';
  const took = durationMs === undefined ? '' : ` · ${wordDuration(durationMs)}`;
  return `${statusSigns[status]} #${job} ${wordStatus(status)}${waiting}${where} · ${commitLink(links, repository, commit)} · ${wordActor(requestedBy)}${took} · ${wordAgo(at)}`;
}
