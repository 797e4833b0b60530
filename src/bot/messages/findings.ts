import type { Finding, Override, PackageReport } from '../../domain/job/report.ts';
import { type FindingGroup, groupFindings } from '../../domain/package/finding.ts';
import type { EmbedField } from '../../ports/chat.ts';
import { wordActor } from '../interactions/person.ts';
import { type Pen, plainLine } from '../text/text.ts';
import { field } from './look.ts';

const filesShown = 3;

export const findingSigns: Readonly<Record<Finding['severity'], string>> = {
  block: '⛔',
  warn: '⚠️',
  info: 'ℹ️',
};

const loweredWords: Readonly<Record<NonNullable<Finding['loweredBy']>, string>> = {
  repository: 'by a setting',
  ratchet: 'known before',
  operator: 'let through',
  repair: 'repaired while packing',
};

type Severities = readonly Finding['severity'][];

/** Severities shown in a message; `info` is shown only in details. */
export const shownSeverities: Severities = ['block', 'warn'];

export function listGroups(
  item: Pick<PackageReport, 'findings'>,
  severities: Severities,
): readonly FindingGroup[] {
  return groupFindings(item.findings.filter(({ severity }) => severities.includes(severity)));
}

/** Returns true when one line cannot show every finding of the group. */
export function isFolded({ findings }: FindingGroup): boolean {
  return findings.length > 1;
}

/**
 * Words a group as `⛔ what to do · meta.missing ×14, also in b, c … and 11 more`; the sentence takes at most `max`
 * characters. `of` names the package where that is not clear.
 */
export function wordGroup(group: FindingGroup, pen: Pen, max: number, of = ''): string {
  const [first] = group.findings;
  const about = of === '' ? '' : `${pen.write(of, 80)}: `;
  if (group.loweredBy === 'repair') return `🔧 ${about}${wordRepaired(group, pen)} (${loweredWords.repair})`;
  const count = group.findings.length > 1 ? ` ×${group.findings.length}` : '';
  const lowered = group.loweredBy === undefined ? '' : ` (${loweredWords[group.loweredBy]})`;
  const others = wordOthers(group, pen);
  const also = others === '' ? '' : `, also ${others}`;
  return `${findingSigns[group.severity]} ${about}${pen.write(first.message, max)} · ${pen.write(group.rule, 60)}${count}${lowered}${also}`;
}

/** Words repaired findings, which need no remedy, as `meta.missing: a, b, c … and 11 more`. */
export function wordRepaired({ rule, findings }: FindingGroup, pen: Pen): string {
  return `${pen.write(rule, 60)}: ${listPlaces(findings, pen)}`;
}

/** Builds one rule's own field, with room for the whole sentence. */
export function groupField(group: FindingGroup, pen: Pen): EmbedField {
  const [first] = group.findings;
  const count = group.findings.length;
  const others = wordOthers(group, pen);
  const lines = [pen.write(first.message, 400), ...(others === '' ? [] : [`also ${others}`])];
  const where = count > 1 ? ` · ${count} times` : '';
  return field(`${findingSigns[group.severity]} ${pen.write(group.rule, 60)}${where}`, lines.join('\n'));
}

function wordOthers({ findings }: FindingGroup, pen: Pen): string {
  const [first, ...others] = findings;
  return listPlaces(
    others.filter(({ file }) => file !== first.file),
    pen,
  );
}

function listPlaces(findings: readonly Finding[], pen: Pen): string {
  const places = [...new Set(findings.flatMap(({ file }) => file ?? []))];
  const shown = places.slice(0, filesShown).map((file) => pen.write(file, 70));
  const more = places.length - shown.length;
  return more > 0 ? `${shown.join(', ')} … and ${more} more` : shown.join(', ');
}

/** Counts findings, such as `2 blocking, 14 warnings`. */
export function countFindings(findings: readonly Finding[]): string {
  const count = (severity: Finding['severity']) =>
    findings.filter((finding) => finding.severity === severity).length;
  const warnings = count('warn');
  return [
    ...(count('block') > 0 ? [`${count('block')} blocking`] : []),
    ...(warnings > 0 ? [`${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`] : []),
  ].join(', ');
}

/** Words an override as `in spite of 3 findings, by @ada: a demo is due`. */
export function wordOverride({ by, reason, count }: Override, pen: Pen): string {
  const what = count === 1 ? 'a finding' : `${count} findings`;
  return `in spite of ${what}, by ${wordActor(by)}: ${pen.write(reason, 200)}`;
}

/** Writes a finding in full as one line of an attached file. */
export function listFinding({ severity, rule, message, loweredBy }: Finding): string {
  const lowered = loweredBy === undefined ? '' : ` (${loweredWords[loweredBy]})`;
  return plainLine(`${severity}${lowered}  ${rule}  ${message}`);
}
