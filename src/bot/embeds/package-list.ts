import semver from 'semver';
import type { PackageReport } from '../../domain/report.ts';
import type { AttachedFile } from '../../ports/channel.ts';
import { inert } from '../text.ts';
import { type Links, link, shownName } from './look.ts';

/** `name` old → new 🟡 MINOR · tag · links. */
export function wordPublished(item: PackageReport, repository: string, commit: string, links: Links): string {
  const version = item.version ?? '';
  const from = item.previousVersion === null ? 'new package' : inert(item.previousVersion, 60);
  const change =
    item.previousVersion === null ? `${inert(version, 60)} · new package` : `${from} → ${inert(version, 60)}`;
  const tag = item.distTag === null || item.distTag === 'latest' ? '' : ` · ${inert(item.distTag, 80)}`;
  const onRegistry = link('registry', `${links.registryUrl}${encodeURIComponent(item.name)}/${version}`);
  const folder = item.path === '' ? '' : `${item.path.split('/').map(encodeURIComponent).join('/')}/`;
  const changelog = `${links.gitServerUrl}/${repository}/blob/${commit}/${folder}CHANGELOG.md`;
  return `**${shownName(item.name)}** ${change}${wordBump(item)}${tag} · ${onRegistry} · ${link('changelog', changelog)}`;
}

function wordBump({ previousVersion, version }: PackageReport): string {
  if (previousVersion === null || version === null) return '';
  const parsed = semver.parse(previousVersion) === null || semver.parse(version) === null;
  const bump = parsed ? null : semver.diff(previousVersion, version);
  if (bump === 'major' || bump === 'premajor') return ' 🔴 MAJOR';
  if (bump === 'minor' || bump === 'preminor') return ' 🟡 MINOR';
  return bump === null ? '' : ' 🟢 PATCH';
}

/** `a, b and 3 more`, for packages that need no more than their name. */
export function listNames(items: readonly PackageReport[], max: number): string {
  const shown = items.slice(0, max).map((item) => shownName(item.name));
  const more = items.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

/** Everything that was known of every package, for what a message has no room for. */
export function attachList(job: number, items: readonly PackageReport[]): AttachedFile {
  const blocks = items.map((item) => {
    const lines = [
      `${item.outcome}  ${item.name} ${item.version ?? ''}  (${item.path === '' ? 'root' : item.path})`,
      ...(item.previousVersion === null ? [] : [`  previous: ${item.previousVersion}`]),
      ...(item.distTag === null ? [] : [`  dist-tag: ${item.distTag}`]),
      ...(item.title === null ? [] : [`  ${item.title}`]),
      ...(item.remedy === null ? [] : [`  → ${item.remedy}`]),
      ...item.findings.map((finding) => `  ${finding.severity}  ${finding.rule}  ${finding.message}`),
      ...item.warnings.map((warning) => `  warning: ${warning}`),
      ...(item.integrity === null ? [] : [`  ${item.integrity}`]),
    ];
    return lines.join('\n');
  });
  return { name: `job-${job}.txt`, text: `${blocks.join('\n\n')}\n` };
}
