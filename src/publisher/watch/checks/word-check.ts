import type { Finding, PackageReport } from '../../../domain/job/report.ts';
import { groupFindings, listBlocking } from '../../../domain/package/finding.ts';
import type { CheckAnnotation, CommitCheck } from '../../../domain/repository/commit-check.ts';
import { wouldPublish } from '../../dispatch/dry-run.ts';

/** GitHub's limit for the description of a status, in characters. */
const titleMax = 140;
const summaryMax = 60_000;
const messageMax = 1_000;
const packagesShown = 100;
const filesShown = 5;

/** Words the result of a dry run, as it is shown at its commit. Pure. */
export function wordCheck(packages: readonly PackageReport[]): CommitCheck {
  const wanted = packages.filter(wouldPublish);
  const stopped = packages.filter(({ reason }) => reason !== null);
  const telling = [...stopped, ...wanted];
  const sections = telling.slice(0, packagesShown).map(describePackage);
  const more = telling.length - sections.length;
  const summary = [
    `${wanted.length} would be published, ${stopped.length} cannot.`,
    ...sections,
    ...(more > 0 ? [`… and ${more} more packages`] : []),
  ].join('\n\n');
  return {
    conclusion: stopped.length === 0 ? 'success' : 'failure',
    title: cut(wordTitle(wanted, stopped), titleMax),
    summary: cut(summary, summaryMax),
    annotations: packages.flatMap((item) => item.findings.flatMap((finding) => annotate(item, finding))),
  };
}

/** Words a title like `would publish com.x 1.2.3 (latest); 2 blocking findings`. */
function wordTitle(wanted: readonly PackageReport[], stopped: readonly PackageReport[]): string {
  const blocking = stopped.reduce((sum, item) => sum + listBlocking(item).length, 0);
  const others = stopped.filter((item) => listBlocking(item).length === 0).length;
  const parts = [
    ...(wanted.length > 0 ? [`would publish ${wordWanted(wanted)}`] : []),
    ...(blocking > 0 ? [count(blocking, 'blocking finding')] : []),
    ...(others > 0 ? [`${count(others, 'package')} cannot be published`] : []),
  ];
  return parts.length === 0 ? 'nothing to publish' : parts.join('; ');
}

function wordWanted(wanted: readonly PackageReport[]): string {
  const [first] = wanted;
  if (first === undefined || wanted.length > 1) return `${wanted.length} packages`;
  const tag = first.distTag === null ? '' : ` (${first.distTag})`;
  return plain(`${first.name} ${first.version ?? ''}${tag}`);
}

function count(number: number, what: string): string {
  return number === 1 ? `1 ${what}` : `${number} ${what}s`;
}

function describePackage(item: PackageReport): string {
  const sign = wouldPublish(item) ? '📦' : '❌';
  const from = item.previousVersion === null ? '' : ` (${plain(item.previousVersion)} is on the registry)`;
  const head = `**${sign} ${inert(`${item.name} ${item.version ?? ''}`)}**${inert(from)}`;
  const why = item.title === null || listBlocking(item).length > 0 ? [] : [`- ${inert(item.title)}`];
  const remedy = item.remedy === null ? [] : [`- → ${inert(item.remedy)}`];
  return [head, ...why, ...remedy, ...describeFindings(item.findings)].join('\n');
}

function describeFindings(findings: readonly Finding[]): readonly string[] {
  const told = findings.filter(({ severity }) => severity !== 'info');
  return groupFindings(told).map(({ severity, rule, findings: [first, ...others] }) => {
    const files = others.flatMap(({ file }) => file ?? []);
    const shown = files.slice(0, filesShown).map(inert).join(', ');
    const more = files.length > filesShown ? ` … and ${files.length - filesShown} more` : '';
    const also = shown === '' ? '' : `; also ${shown}${more}`;
    return `- ${severity === 'block' ? '⛔' : '⚠️'} ${inert(rule)}: ${inert(first.message)}${also}`;
  });
}

function annotate(item: PackageReport, finding: Finding): readonly CheckAnnotation[] {
  const { severity, file, line = 1, rule, message } = finding;
  if (file === undefined || severity === 'info') return [];
  const path = item.path === '' ? file : `${item.path}/${file}`;
  const level = severity === 'block' ? 'failure' : 'warning';
  return [{ path: path.toWellFormed(), line, level, title: rule, message: cut(plain(message), messageMax) }];
}

const unsafe = /[\p{Cc}\p{Cf}]+/gu;
const active = /[\\*_~`|>#[\]()<{}!@]/g;

function plain(text: string): string {
  return text.toWellFormed().replaceAll(unsafe, ' ').trim();
}

/** Removes the effect of markdown, links, mentions and HTML, whatever the commit holds. */
function inert(text: string): string {
  return plain(text).replaceAll(active, (character) => (character === '@' ? '@\u200B' : `\\${character}`));
}

function cut(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`.toWellFormed();
}
