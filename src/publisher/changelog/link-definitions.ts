import { isSameVersion } from './heading-text.ts';
import { contentOf, type LinkDefinition, type ScannedChangelog, scanChangelog } from './scan-changelog.ts';

/**
 * Files that define a link for each version get one for the new version, in the form of the newest, and Unreleased
 * then compares with the new version. Files that define none are left alone.
 */
export function updateLinks(text: string, version: string): string {
  const scanned = scanChangelog(text);
  const { links } = scanned;
  if (links.some((link) => isVersionLabel(link.label, version))) return text;
  const neighbour = findNeighbour(
    scanned.headings.flatMap((heading) => heading.version ?? []),
    version,
    links,
  );
  if (neighbour === undefined) return text;
  const url = rewrite(neighbour.link, version);
  return url === undefined ? text : addDefinition(scanned, neighbour, url, version);
}

interface Neighbour {
  readonly link: LinkDefinition;
  readonly isOlder: boolean;
}

function addDefinition(
  scanned: ScannedChangelog,
  neighbour: Neighbour,
  url: string,
  version: string,
): string {
  const { link, isOlder } = neighbour;
  const line = scanned.lines[link.line] ?? '';
  const label = link.label.replace(versionIn(link.label), version);
  const written = contentOf(line).replace(link.label, label).replace(link.url, url);
  const ending = /(?<![\r\n])[\r\n]+$/.exec(line)?.[0] ?? '';
  const changed = [...scanned.lines];
  if (!isOlder) {
    const before = ending === '' ? scanned.lineEnding : '';
    changed.splice(link.line + 1, 0, `${before}${written}${ending}`);
    return changed.join('');
  }
  const unreleased = scanned.links.find((other) => /^unreleased$/i.test(other.label));
  if (unreleased !== undefined) {
    const compared = compareFrom(unreleased.url, link, version);
    changed[unreleased.line] = (changed[unreleased.line] ?? '').replace(unreleased.url, compared);
  }
  // Newest first, as in the list of versions.
  changed.splice(link.line, 0, `${written}${ending === '' ? scanned.lineEnding : ending}`);
  return changed.join('');
}

/** The definition of the version below (or, without one, above) the new one. */
function findNeighbour(
  versions: readonly string[],
  version: string,
  links: readonly LinkDefinition[],
): Neighbour | undefined {
  const at = versions.findIndex((written) => isSameVersion(written, version));
  const find = (written: string | undefined): LinkDefinition | undefined =>
    written === undefined ? undefined : links.find((link) => isVersionLabel(link.label, written));
  const older = find(versions[at + 1]);
  if (older !== undefined) return { link: older, isOlder: true };
  const newer = find(versions[at - 1]);
  return newer === undefined ? undefined : { link: newer, isOlder: false };
}

/** `…/compare/1.0.0...1.1.0` → `…/compare/1.1.0...1.2.0`; any other URL with the version in it → with the new one. */
function rewrite(link: LinkDefinition, version: string): string | undefined {
  const own = versionIn(link.label);
  if (!link.url.includes(own)) return undefined;
  const compared = /^(.*\/)([^/]+?)(\.{2,3})([^/]+)$/.exec(link.url);
  if (compared === null) return link.url.replaceAll(own, version);
  const [, base = '', from = '', dots = '', to = ''] = compared;
  if (!to.includes(own)) return `${base}${from}${dots}${to}`;
  return `${base}${to}${dots}${to.replace(own, version)}`;
}

function compareFrom(url: string, link: LinkDefinition, version: string): string {
  const own = versionIn(link.label);
  const compared = /^(.*\/)([^/]+?)(\.{2,3}[^/]+)$/.exec(url);
  if (compared === null || compared[2]?.includes(own) !== true) return url;
  return `${compared[1]}${compared[2].replace(own, version)}${compared[3]}`;
}

function isVersionLabel(label: string, version: string): boolean {
  return isSameVersion(versionIn(label), version);
}

function versionIn(label: string): string {
  return label.replace(/^v(?=\d)/i, '');
}
