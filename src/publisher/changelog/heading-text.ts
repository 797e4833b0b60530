import semver from 'semver';

export interface FoundVersion {
  /** As it is written, without a leading `v`. */
  readonly version: string;
  /** Where it stands in the text. */
  readonly from: number;
  readonly to: number;
}

/** What may stand before the version of a heading: brackets, a link, `Version`, a package's name, an emoji. */
const lead =
  /^(?:[^\p{L}\p{N}]*(?:(?:version|release|released|ver\.?|rev\.?)|@?[a-z][\w-]*(?:[./@][\w-]+)+))?[^\p{L}\p{N}]*v?\.?\s*$/iu;
const versionShape = /(?<!\d)\d{1,20}\.\d+(?:\.\d+)*(?:-[0-9A-Za-z][0-9A-Za-z.-]*)?(?:\+[0-9A-Za-z.-]+)?/g;

/** The version that a heading names, if that is what the heading is about. */
export function findVersionIn(text: string): FoundVersion | undefined {
  for (const match of text.matchAll(versionShape)) {
    const before = text.slice(0, match.index);
    const version = match[0].replace(/(?<![.-])[.-]+$/, '');
    if (!lead.test(before) || isDate(version)) continue;
    const after = text.slice(match.index + version.length);
    // `1.0 to 2.0` tells of a change between versions, not of one.
    if (/^\s*(?:to|and|until|→|->)\s/i.test(after)) return undefined;
    return { version, from: match.index, to: match.index + version.length };
  }
  return undefined;
}

/** `2024.01.02` is a day. */
function isDate(text: string): boolean {
  return /^(?:19|20)\d\d\.\d\d\.\d\d$/.test(text);
}

const unreleased =
  /^[^\p{L}\p{N}]*(?:unreleased|upcoming|next|pending|work in progress|wip|in development|tbd|head)(?:\s+(?:release|version|changes))?[^\p{L}\p{N}]*$/iu;

export function isUnreleasedTitle(text: string): boolean {
  return unreleased.test(text.replace(/\([^()]*\)/g, ''));
}

/** Two spellings of one version: `1.2` is `1.2.0`. */
export function isSameVersion(written: string, version: string): boolean {
  if (written === version) return true;
  const exact = semver.parse(written);
  if (exact !== null) return exact.version === version;
  return isShort(written) && semver.coerce(written)?.version === version;
}

/** Negative when `a` is lower. Undefined when they cannot be compared. */
export function compareWritten(a: string, b: string): number | undefined {
  const [left, right] = [readVersion(a), readVersion(b)];
  return left === undefined || right === undefined ? undefined : semver.compare(left, right);
}

function readVersion(written: string): string | undefined {
  const parsed =
    semver.parse(written, { loose: true }) ?? semver.coerce(written, { includePrerelease: true });
  return parsed?.version;
}

function isShort(written: string): boolean {
  return /^\d+\.\d+$/.test(written);
}
