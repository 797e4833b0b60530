import type { JobFinished } from '../../domain/announcement.ts';
import type { PackageReport } from '../../domain/report.ts';
import type { AttachedFile, Button, Embed, EmbedField, Message } from '../../ports/channel.ts';
import { inert, limits } from '../text.ts';
import { colors, field, footerOf, type Links, packagesShown, shownName, withFields } from './look.ts';
import { attachList, listNames } from './package-list.ts';
import { factFields } from './published.ts';

const findingsShown = 4;
const namesShown = 5;
/** Room kept for the line that says how many more there are. */
const moreMax = 80;

/** What a failed job says, with reasons, remedies and what can be pressed; posted anew, so that it notifies. */
export function renderFailed(
  ended: JobFinished,
  links: Links,
  buttons: readonly Button[],
  note?: string,
): Message {
  const failed = ended.packages.filter((item) => ['failed', 'withdrawn'].includes(item.outcome));
  const shown = failed.slice(0, packagesShown);
  const embed: Embed = {
    title: '❌ Package Publish Failed',
    color: colors.failed,
    description: [describeJob(ended), note ?? ''].join('\n').trim(),
    fields: [],
    footer: footerOf(ended.job, ended.repository, ended.dispatchId, ' · failed'),
    at: ended.finishedAt,
  };
  // The facts are fitted first, so that a long list of failures cannot push them out, and shown last.
  const withFacts = withFields(embed, [...otherFields(ended), ...factFields(ended, links)], moreMax);
  const withAll = withFields(withFacts.embed, shown.map(describeFailed), moreMax);
  const facts = withFacts.embed.fields;
  const left = failed.length - shown.length + withAll.left;
  const more = left > 0 ? `… and ${left} more, all in the attached list` : '';
  const whole: Embed = {
    ...withAll.embed,
    fields: [...withAll.embed.fields.slice(facts.length), ...facts],
    description: [withAll.embed.description, more].join('\n').trim(),
  };
  const isShort = left === 0 && withFacts.left === 0 && !failed.some(isLong) && !hasLongLists(ended);
  const files: readonly AttachedFile[] = isShort ? [] : [attachList(ended.job, ended.packages)];
  return { content: contentOf(ended, failed), embeds: [whole], buttons, files };
}

function hasLongLists(ended: JobFinished): boolean {
  const published = ended.packages.filter((item) => item.outcome === 'published');
  return Math.max(published.length, heldOf(ended).length) > namesShown;
}

function describeJob(ended: JobFinished): string {
  if (ended.failure === null) return '';
  return `**${inert(ended.failure.title, 1_000)}**\n→ ${inert(ended.failure.remedy, 600)}`;
}

function describeFailed(item: PackageReport): EmbedField {
  const name = `${shownName(item.name)} ${inert(item.version ?? '', 100)}`.trim();
  const findings = item.findings
    .filter((finding) => finding.severity === 'block')
    .slice(0, findingsShown)
    .map((finding) => `• ${inert(finding.message, 120)}`);
  const lines = [inert(item.title ?? '', 300), ...findings, `→ ${inert(item.remedy ?? '', 180)}`];
  return field(name, lines.join('\n').slice(0, limits.fieldValue));
}

/** Says more than its field can hold. */
function isLong(item: PackageReport): boolean {
  const blocking = item.findings.filter((finding) => finding.severity === 'block').length;
  return blocking > findingsShown || (item.title?.length ?? 0) > 200 || (item.remedy?.length ?? 0) > 150;
}

function heldOf(ended: JobFinished): readonly PackageReport[] {
  return ended.packages.filter((item) => item.outcome === 'held');
}

function otherFields(ended: JobFinished): readonly EmbedField[] {
  const published = ended.packages.filter((item) => item.outcome === 'published');
  const held = heldOf(ended);
  const behind = new Set(held.map((item) => item.title)).size;
  return [
    ...(published.length === 0
      ? []
      : [field(`Published all the same: ${published.length}`, listNames(published, namesShown))]),
    ...(held.length === 0
      ? []
      : [
          field(
            `Held behind ${behind === 1 ? 'a failed one' : 'failed ones'}: ${held.length}`,
            listNames(held, namesShown),
          ),
        ]),
  ];
}

function contentOf(ended: JobFinished, failed: readonly PackageReport[]): string {
  const [only] = failed;
  if (failed.length === 1 && only !== undefined) {
    return `❌ ${inert(only.name, 230)} was not published: ${inert(only.title ?? '', 300)}`;
  }
  const what = failed.length === 0 ? inert(ended.failure?.title ?? '', 300) : `${failed.length} packages`;
  return `❌ ${inert(ended.repository, 150)}: ${what}${failed.length === 0 ? '' : ' were not published'}`;
}
