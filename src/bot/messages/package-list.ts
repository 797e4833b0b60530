import semver from 'semver';
import type { JobFinished } from '../../domain/announcement/announcement.ts';
import type { PackageReport } from '../../domain/job/report.ts';
import type { AttachedFile } from '../../ports/chat.ts';
import { type Pen, plainLine } from '../text/text.ts';
import { listFinding } from './findings.ts';
import { type Links, link, nameMax, registryAddress } from './look.ts';

/** Discord accepts files of 10 MiB; the difference leaves room for the last line. */
const fileBytesMax = 9 * 1024 * 1024;

/** Words a published package as: `name` old → new 🟡 MINOR · tag · links. */
export function wordPublished(item: PackageReport, ended: JobFinished, links: Links, pen: Pen): string {
  const version = item.version ?? '';
  const shown = pen.write(version, 60);
  const change =
    item.previousVersion === null
      ? `${shown} · new package`
      : `${pen.write(item.previousVersion, 60)} → ${shown}`;
  const tag = item.distTag === null || item.distTag === 'latest' ? '' : ` · ${pen.write(item.distTag, 80)}`;
  const onRegistry = link('registry', registryAddress(links, item.name, version));
  const folder = item.path === '' ? '' : `${item.path.split('/').map(encode).join('/')}/`;
  const { repository, commit } = ended;
  const changelog = `${links.gitServerUrl}/${repository}/blob/${commit}/${folder}CHANGELOG.md`;
  return `**${pen.write(item.name, nameMax)}** ${change}${wordBump(item)}${tag} · ${onRegistry} · ${link('changelog', changelog)}`;
}

/** Encodes a part of a URL. A split surrogate pair cannot be encoded, and must not stop a message. */
function encode(part: string): string {
  return encodeURIComponent(part.toWellFormed());
}

function wordBump({ previousVersion, version }: PackageReport): string {
  if (previousVersion === null || version === null) return '';
  const isOdd = semver.parse(previousVersion) === null || semver.parse(version) === null;
  const bump = isOdd ? null : semver.diff(previousVersion, version);
  if (bump === 'major' || bump === 'premajor') return ' 🔴 MAJOR';
  if (bump === 'minor' || bump === 'preminor') return ' 🟡 MINOR';
  return bump === null ? '' : ' 🟢 PATCH';
}

/** Lists names only, such as `a, b and 3 more`. */
export function listNames(names: readonly string[], max: number, pen: Pen): string {
  const shown = names.slice(0, max).map((name) => pen.write(name, nameMax));
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

/** Builds a file with everything known of every package, for what does not fit into the message. */
export function attachList(ended: JobFinished): AttachedFile {
  const { failure } = ended;
  const head = failure === null ? [] : [listLines([failure.title, `→ ${failure.remedy}`])];
  const text = `${[...head, ...ended.packages.map(describePackage)].join('\n\n')}\n`;
  return { name: `job-${ended.job}.txt`, text: fitBytes(text, ended.dispatchId) };
}

/** Writes everything known of a package, for an attached file. */
export function describePackage(item: PackageReport): string {
  const folder = item.path === '' ? 'root' : item.path;
  return listLines([
    `${item.outcome}  ${plainLine(item.name)} ${item.version ?? ''}  (${folder})`,
    ...(item.previousVersion === null ? [] : [`  previous: ${item.previousVersion}`]),
    ...(item.distTag === null ? [] : [`  dist-tag: ${item.distTag}`]),
    ...(item.title === null ? [] : [`  ${item.title}`]),
    ...(item.remedy === null ? [] : [`  → ${item.remedy}`]),
    ...(item.override === undefined ? [] : [`  let through by ${item.override.by}: ${item.override.reason}`]),
    ...item.findings.map((finding) => `  ${listFinding(finding)}`),
    ...item.warnings.map((warning) => `  warning: ${warning}`),
    ...(item.integrity === null ? [] : [`  ${item.integrity}`]),
  ]);
}

/** Joins lines; a line break within a text is removed, since it would forge a line. */
function listLines(lines: readonly string[]): string {
  return lines.map((line) => `${/^ */.exec(line)?.[0] ?? ''}${plainLine(line)}`).join('\n');
}

function fitBytes(text: string, dispatchId: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= fileBytesMax) return text;
  const whole = bytes.subarray(0, bytes.lastIndexOf('\n', fileBytesMax)).toString();
  return `${whole}\n\n… more than a file can hold; the whole report: GET /dispatches/${dispatchId}\n`;
}
