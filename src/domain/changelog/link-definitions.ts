import { compareNext, compareTo, moveCompareOn } from './compare-url.ts';
import { isSameVersion, isUnreleasedTitle } from './heading-text.ts';
import { contentOf, type LinkDefinition, type ScannedChangelog, scanChangelog } from './scan-changelog.ts';

/**
 * Updates the links of a changelog. The link of Unreleased compares with the new version from now on, whether it is in
 * the heading or at the end. A file that defines a link for each version gets one for the new version, in the form of
 * the newest; a file that defines none is left alone.
 */
export function updateLinks(text: string, version: string): string {
  const headed = moveHeadingOn(scanChangelog(text), version);
  const scanned = scanChangelog(headed);
  const { links } = scanned;
  if (links.some((link) => isVersionLabel(link.label, version))) return headed;
  const unreleased = links.find((link) => isUnreleasedTitle(link.label));
  const moved = unreleased === undefined ? undefined : moveCompareOn(unreleased.url, version);
  const changed = [...scanned.lines];
  if (unreleased !== undefined && moved !== undefined) {
    changed[unreleased.line] = (changed[unreleased.line] ?? '').replace(unreleased.url, () => moved);
  }
  const added = defineVersion(scanned, unreleased, version);
  if (added !== undefined) changed.splice(added.at, 0, added.line);
  return changed.join('');
}

/** Moves the address in a heading like `## [Unreleased](…/compare/v1.0.0...HEAD)`. */
function moveHeadingOn(scanned: ScannedChangelog, version: string): string {
  const heading = scanned.headings.find(({ isUnreleased }) => isUnreleased);
  const lines = [...scanned.lines];
  const line = heading === undefined ? undefined : lines[heading.line];
  const [, url] = /\]\(\s*<?([^\s()<>]+(?:\([^\s()<>]*\)[^\s()<>]*)*)/.exec(line ?? '') ?? [];
  const moved = url === undefined ? undefined : moveCompareOn(url, version);
  if (heading === undefined || line === undefined || url === undefined || moved === undefined)
    return lines.join('');
  lines[heading.line] = line.replace(url, () => moved);
  return lines.join('');
}

/** Returns the definition of the new version, and the line in front of which it belongs. */
function defineVersion(
  scanned: ScannedChangelog,
  unreleased: LinkDefinition | undefined,
  version: string,
): { readonly at: number; readonly line: string } | undefined {
  const { headings, links } = scanned;
  const versions = headings.flatMap((heading) => heading.version ?? []);
  const neighbour = findNeighbour(versions, version, links);
  const second =
    unreleased === undefined || versions.length > 2 ? undefined : compareTo(unreleased.url, version);
  const model = neighbour?.link ?? unreleased;
  const url = chooseUrl(neighbour?.link, second, version);
  if (model === undefined || url === undefined) return undefined;
  const label = model === unreleased ? version : model.label.replace(versionIn(model.label), () => version);
  return writeDefinition(scanned, model, neighbour?.isOlder === true, label, url);
}

/** Writes a definition; definitions are newest first, as in the list of versions. */
function writeDefinition(
  { lineEnding, lines }: ScannedChangelog,
  model: LinkDefinition,
  isAbove: boolean,
  label: string,
  url: string,
): { readonly at: number; readonly line: string } {
  const line = lines[model.line] ?? '';
  const written = contentOf(line)
    .replace(model.label, () => label)
    .replace(model.url, () => url);
  const ending = /(?<![\r\n])[\r\n]+$/.exec(line)?.[0];
  if (isAbove) return { at: model.line, line: `${written}${ending ?? lineEnding}` };
  const between = ending === undefined ? lineEnding : '';
  return { at: model.line + 1, line: `${between}${written}${ending ?? ''}` };
}

/**
 * Chooses the address in the form of the neighbour's. The first version is compared with nothing; the second one may
 * be.
 */
function chooseUrl(
  neighbour: LinkDefinition | undefined,
  second: string | undefined,
  version: string,
): string | undefined {
  if (neighbour === undefined) return second;
  return second !== undefined && !isCompared(neighbour.url) ? second : rewrite(neighbour, version);
}

function isCompared(url: string): boolean {
  return /compare|[^./]\.{2,3}[^./]/i.test(url);
}

interface Neighbour {
  readonly link: LinkDefinition;
  readonly isOlder: boolean;
}

/** Finds the definition of the version below the new one or, without one, above it. */
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

/**
 * Rewrites an address for the new version. A comparison with the version before goes on from there; in any other
 * address the new version replaces the old one.
 */
function rewrite(link: LinkDefinition, version: string): string | undefined {
  const own = versionIn(link.label);
  if (!link.url.includes(own)) return undefined;
  return compareNext(link.url, own, version) ?? link.url.replaceAll(own, () => version);
}

function isVersionLabel(label: string, version: string): boolean {
  return isSameVersion(versionIn(label), version);
}

function versionIn(label: string): string {
  return label.replace(/^v(?=\d)/i, '');
}
