import type { JobLine } from '../../domain/job/job-line.ts';
import type { PackageReport } from '../../domain/job/report.ts';
import type { Hold } from '../../domain/package/hold.ts';
import type { Button, Embed } from '../../ports/chat.ts';
import { wordAwaited } from '../../publisher/holds/word-waits.ts';
import type { JobDetails, PackageHistory, RepositoryHistory } from '../../publisher/operations/describe.ts';
import { buildDetailsButton } from '../components/details-button.ts';
import { wordActor } from '../interactions/person.ts';
import { type Reply, replyOf } from '../interactions/reply.ts';
import { colors, commitLink, field, type Links, packagesShown, withFields } from '../messages/look.ts';
import { describePackage } from '../messages/package-list.ts';
import { driftOrder, outcomeSigns, statusSigns, wordStatus } from '../messages/signs.ts';
import { code, cut, inert, limits, wordAgo, wordDuration } from '../text/text.ts';
import { buildAuditButton } from './audit-page.ts';
import { listDrift, wordDrift } from './drift-line.ts';
import { attachText, listField, type ShownList, shownName } from './lists.ts';
import { wordJob } from './overview.ts';
import { wordSettings } from './repository.ts';
import { wordTrial } from './shadow.ts';

const rowsShown = 6;
const jobsShown = 6;

/** Shows one package: its state, its owner, and every attempted publish. */
export function renderPackage(name: string, found: PackageHistory, links: Links, at: number): Reply {
  const { held, owner, publishes, rows } = found;
  const lines = publishes.map(
    (line) => `${inert(line.version, 40)}: ${wordJob(line, links, { withRepository: true })}`,
  );
  const lists = [
    ...listHeld(held),
    listField(
      'Where it stands',
      rows.map((row) => wordDrift(row, { withRepository: true })),
      rowsShown,
    ),
    listField('Publishes', lines, jobsShown),
  ];
  const title = cut(`📦 ${shownName(rows[0]?.name ?? name)}`, limits.title);
  const description = owner === undefined ? 'Nobody owns this name yet.' : `Owned by ${code(owner, 200)}`;
  const plain = [
    ...rows.map(listDrift),
    ...held.map(describeHold),
    '',
    ...publishes.map((line) => `${line.version}  ${line.outcome}  ${listJob(line)}`),
  ];
  return assemble({
    title,
    description,
    lists,
    isCalm: rows.every((row) => row.kind === 'equal'),
    at,
    file: name,
    plain,
  });
}

/** Shows one repository: its settings, its drift, and its last jobs. */
export function renderRepository(found: RepositoryHistory, links: Links, at: number): Reply {
  const { drift, held, jobs, repository, trial } = found;
  const differing = driftOrder
    .filter((kind) => kind !== 'equal' && kind !== 'excluded')
    .flatMap((kind) => drift.filter((row) => row.kind === kind));
  const equal = drift.filter((row) => row.kind === 'equal').length;
  const excluded = drift.filter((row) => row.kind === 'excluded').length;
  const lists = [
    ...listHeld(held),
    listField(
      'Differs from the registry',
      differing.map((row) => wordDrift(row, { withRepository: false })),
      rowsShown,
    ),
    listField(
      'Jobs',
      jobs.map((line) => wordJob(line, links, { withRepository: false })),
      jobsShown,
    ),
  ];
  return assemble({
    title: cut(`🗂️ ${inert(repository.slug, 200)}`, limits.title),
    description: [
      wordSettings(repository),
      `🟢 ${equal} as on the registry · 🚫 ${excluded} excluded`,
      ...(trial === undefined ? [] : [wordTrial(trial)]),
    ].join('\n'),
    lists,
    isCalm: differing.length === 0 && repository.status === 'active',
    at,
    file: repository.slug,
    buttons: [buildAuditButton({ of: repository.id, beside: undefined })],
    plain: [...drift.map(listDrift), ...held.map(describeHold), '', ...jobs.map(listJob)],
  });
}

/** Lists held versions; empty when there are none. */
function listHeld(held: readonly Hold[]): readonly ShownList[] {
  if (held.length === 0) return [];
  return [listField('Held', held.map(wordHold), rowsShown)];
}

/** Words a hold as `⏸️ com.studio.app 1.2.0 waits for com.studio.core 1.1.0 · #12 · an hour ago`. */
function wordHold({ awaits, job, name, since, version }: Hold): string {
  const what = awaits.length === 0 ? 'goes on' : `waits for ${inert(wordAwaited(awaits), 200)}`;
  return `⏸️ ${shownName(name)} ${inert(version, 40)} ${what} · #${job} · ${wordAgo(since)}`;
}

function describeHold({ awaits, job, name, version }: Hold): string {
  return `held  ${name} ${version}  waits for ${wordAwaited(awaits)}  #${job}`;
}

interface Parts {
  readonly title: string;
  readonly description: string;
  readonly lists: readonly ShownList[];
  readonly isCalm: boolean;
  readonly at: number;
  readonly file: string;
  readonly buttons?: readonly Button[];
  readonly plain: readonly string[];
}

function assemble(parts: Parts): Reply {
  const { title, description, at } = parts;
  const color = parts.isCalm ? colors.published : colors.waiting;
  const base: Embed = { title, color, description, fields: [], footer: '', at };
  const fitted = withFields(
    base,
    parts.lists.map((list) => list.field),
  );
  const left = fitted.left + parts.lists.reduce((sum, list) => sum + list.left, 0);
  const files = left === 0 ? [] : [attachText(parts.file, parts.plain)];
  return replyOf({ embeds: [fitted.embed], files, buttons: parts.buttons ?? [] });
}

function listJob({ job, status, repository, commit, requestedBy, at, durationMs }: JobLine): string {
  const took = durationMs === undefined ? '' : `  ${wordDuration(durationMs)}`;
  return `#${job}  ${status}  ${repository}  ${commit}  ${requestedBy}  ${new Date(at).toISOString()}${took}`;
}

/** Shows one job: the outcome of each package, with Details for its stages. */
export function renderJob(found: JobDetails, links: Links, at: number): Reply {
  const { report, repository, commit, requestedBy } = found;
  const lines = report.packages.map(wordPackage);
  const list = listField('Packages', lines, packagesShown);
  const took =
    report.finishedAt === null ? '' : ` · took ${wordDuration(report.finishedAt - report.createdAt)}`;
  const who = requestedBy === undefined ? '' : ` · ${wordActor(requestedBy)}`;
  const failure =
    report.failure === null
      ? []
      : [`❌ ${inert(report.failure.title, 500)}`, `→ ${inert(report.failure.remedy, 400)}`];
  const waiting = report.waitingFor === null ? [] : [`⏳ waits for ${inert(report.waitingFor, 60)}`];
  const embed: Embed = {
    title: `${statusSigns[report.status]} #${report.job} ${wordStatus(report.status)}`,
    color: colorOf(report.status),
    description: [
      `${inert(repository, 200)} · ${commitLink(links, repository, commit)}${who} · ${wordAgo(report.createdAt)}${took}`,
      ...waiting,
      ...failure,
    ].join('\n'),
    fields: lines.length === 0 ? [field('Packages', 'none judged')] : [list.field],
    footer: report.attempts > 1 ? `${report.attempts} attempts` : '',
    at,
  };
  const files =
    list.left === 0 ? [] : [attachText(`job-${report.job}`, report.packages.map(describePackage))];
  return replyOf({ embeds: [embed], buttons: [buildDetailsButton(report.job)], files });
}

function colorOf(status: JobDetails['report']['status']): number {
  if (status === 'published') return colors.published;
  if (status === 'failed') return colors.failed;
  return status === 'partially-failed' || status === 'queued' ? colors.waiting : colors.running;
}

function wordPackage(item: PackageReport): string {
  const why = item.title === null ? '' : `: ${inert(item.title, 120)}`;
  return `${outcomeSigns[item.outcome]} ${shownName(item.name)} ${inert(item.version ?? '', 40)} ${item.outcome}${why}`;
}
