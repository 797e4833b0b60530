import type { JobFinished } from '../../domain/announcement/announcement.ts';
import type { PackageReport } from '../../domain/job/report.ts';
import { listBlocking } from '../../domain/package/finding.ts';
import type { AttachedFile, Embed, EmbedField, Message, Pings } from '../../ports/chat.ts';
import { isFixable } from '../../publisher/preflight/repair/plan-repair.ts';
import type { FailedExtras } from '../components/failure-buttons.ts';
import { type Pen, takePen } from '../text/text.ts';
import { factFields } from './fact-fields.ts';
import { countFindings, findingSigns, groupField, isFolded, listGroups, wordGroup } from './findings.ts';
import { describeHeld, namesShown } from './held.ts';
import { colors, field, footerOf, type Links, nameMax, packagesShown, withFields } from './look.ts';
import { attachList, listNames } from './package-list.ts';

/** Groups of findings shown per package when there are several; a single package gets a field for each rule. */
const groupsShown = 4;
const rulesShown = 12;
/** Characters reserved for the line that says how many more there are. */
const moreMax = 80;

/**
 * Builds the message of a failed job with reasons, remedies and buttons; posted as a new message, so that it notifies.
 */
export function renderFailed(ended: JobFinished, links: Links, extras: FailedExtras): Message {
  const pen = takePen();
  const failed = ended.packages.filter((item) => ['failed', 'withdrawn'].includes(item.outcome));
  const shown = failed.slice(0, packagesShown);
  const embed: Embed = {
    title: '❌ Package Publish Failed',
    color: colors.failed,
    description: [
      ...describeJob(ended, pen),
      ...describeHeld(ended, extras.settled ?? [], pen),
      extras.note ?? '',
    ]
      .filter((line) => line !== '')
      .join('\n'),
    fields: [],
    footer: footerOf(ended.job, ended.repository, ended.dispatchId, ' · failed'),
    at: ended.finishedAt,
  };
  // The facts are fitted first, so that a long list of failures cannot push them out, and shown last.
  const withFacts = withFields(embed, [...publishedField(ended, pen), ...factFields(ended, links)], moreMax);
  const withAll = withFields(
    withFacts.embed,
    failed.length === 1
      ? shown.flatMap((item) => describeOnly(item, extras, pen))
      : shown.map((item) => describeFailed(item, extras, pen)),
    moreMax,
  );
  const facts = withFacts.embed.fields;
  const left = failed.length - shown.length + withAll.left;
  const more = left > 0 ? `… and ${left} more, all in the attached list` : '';
  const whole: Embed = {
    ...withAll.embed,
    fields: [...withAll.embed.fields.slice(facts.length), ...facts],
    description: [withAll.embed.description, more].join('\n').trim(),
  };
  const isWhole = left + withFacts.left === 0 && !pen.hasCut() && !hasLongLists(ended, failed);
  const files: readonly AttachedFile[] = isWhole ? [] : [attachList(ended)];
  const pings = extras.pings ?? { users: [], roles: [] };
  const content = [contentOf(ended, failed, pen), ...wordPings(pings)].join(' ');
  return { content, embeds: [whole], buttons: extras.buttons, files, pings };
}

function wordPings({ users, roles }: Pings): readonly string[] {
  return [...users.map((id) => `<@${id}>`), ...roles.map((id) => `<@&${id}>`)];
}

/** Returns true when a list is shown only in part. */
function hasLongLists(ended: JobFinished, failed: readonly PackageReport[]): boolean {
  const published = ended.packages.filter((item) => item.outcome === 'published');
  return (
    published.length > namesShown ||
    ended.held.length > namesShown ||
    ended.held.some(({ names }) => names.length > namesShown) ||
    failed.some((item) => hasLongFindings(item, failed.length))
  );
}

function hasLongFindings(item: PackageReport, count: number): boolean {
  const groups = listGroups(item, ['block']);
  const hasOthers = item.findings.some(({ severity }) => severity !== 'block');
  return hasOthers || groups.length > (count === 1 ? rulesShown : groupsShown) || groups.some(isFolded);
}

function describeJob(ended: JobFinished, pen: Pen): readonly string[] {
  if (ended.failure === null) return [];
  return [`**${pen.write(ended.failure.title, 1_000)}**`, `→ ${pen.write(ended.failure.remedy, 600)}`];
}

function describeFailed(item: PackageReport, extras: FailedExtras, pen: Pen): EmbedField {
  const groups = listGroups(item, ['block']).slice(0, groupsShown);
  const lines = [
    wordTitle(item, pen),
    ...groups.map((group) => wordGroup(group, pen, 120)),
    `→ ${pen.write(item.remedy ?? '', 180)}`,
    ...describeRepair(item, extras),
  ];
  return field(wordName(item, pen), lines.join('\n'));
}

/** Builds a field for each blocking rule, so that all corrections can be read at once. */
function describeOnly(item: PackageReport, extras: FailedExtras, pen: Pen): readonly EmbedField[] {
  const warnings = countFindings(item.findings.filter(({ severity }) => severity === 'warn'));
  const lines = [
    wordTitle(item, pen),
    `→ ${pen.write(item.remedy ?? '', 300)}`,
    ...describeRepair(item, extras),
    ...(warnings === '' ? [] : [`${findingSigns.warn} and ${warnings}, in the attached list`]),
  ];
  const rules = listGroups(item, ['block']).slice(0, rulesShown);
  return [field(wordName(item, pen), lines.join('\n')), ...rules.map((group) => groupField(group, pen))];
}

function wordName(item: PackageReport, pen: Pen): string {
  return `${pen.write(item.name, nameMax)} ${pen.write(item.version ?? '', 100)}`.trim();
}

/** Words the title. The findings follow below, so the first one is not repeated here. */
function wordTitle(item: PackageReport, pen: Pen): string {
  const count = listBlocking(item).length;
  if (item.reason !== 'preflight-rejected' || count === 0) return pen.write(item.title ?? '', 300);
  return count === 1 ? 'One problem in the packed files' : `${count} problems in the packed files`;
}

/** Words how much of it a press can repair. */
function describeRepair(item: PackageReport, { proposedFor = [] }: FailedExtras): readonly string[] {
  if (proposedFor.includes(item.name)) return [];
  const blocking = listBlocking(item);
  const repairable = blocking.filter(isFixable).length;
  if (repairable === 0) return [];
  const what = repairable < blocking.length ? `${repairable} of them` : 'all of it';
  return [`🔧 **Propose fix** opens a pull request that repairs ${blocking.length === 1 ? 'it' : what}.`];
}

function publishedField(ended: JobFinished, pen: Pen): readonly EmbedField[] {
  const names = ended.packages.flatMap((item) => (item.outcome === 'published' ? [item.name] : []));
  if (names.length === 0) return [];
  return [field(`Published all the same: ${names.length}`, listNames(names, namesShown, pen))];
}

function contentOf(ended: JobFinished, failed: readonly PackageReport[], pen: Pen): string {
  const [only] = failed;
  if (failed.length === 1 && only !== undefined) {
    return `❌ ${pen.write(only.name, 230)} was not published: ${pen.write(only.title ?? '', 300)}`;
  }
  const repository = pen.write(ended.repository, 150);
  if (failed.length > 0) return `❌ ${repository}: ${failed.length} packages were not published`;
  return `❌ ${repository}: ${pen.write(ended.failure?.title ?? '', 300)}`;
}
