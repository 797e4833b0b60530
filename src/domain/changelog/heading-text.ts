import semver from 'semver';

export interface FoundVersion {
  /** The version as it is written, without a leading `v`. */
  readonly version: string;
  /** Place of the version in the text. */
  readonly from: number;
  readonly to: number;
}

/** What may come before the version of a heading: brackets, a link, `Version`, a package's name, an emoji. */
const lead =
  /^(?:[^\p{L}\p{N}]*(?:(?:version|release|released|ver\.?|rev\.?)|@?[a-z][\w-]*(?:[./@][\w-]+)+))?[^\p{L}\p{N}]*v?\.?\s*$/iu;
const versionShape = /(?<!\d)\d{1,20}\.\d+(?:\.\d+)*(?:-[0-9A-Za-z][0-9A-Za-z.-]*)?(?:\+[0-9A-Za-z.-]+)?/g;

/** Returns the version that a heading names, if the heading is about that version. */
export function findVersionIn(text: string): FoundVersion | undefined {
  for (const match of text.matchAll(versionShape)) {
    const before = text.slice(0, match.index);
    const version = match[0].replace(/(?<![.-])[.-]+$/, '');
    if (!lead.test(before) || isDate(version)) continue;
    const after = text.slice(match.index + version.length);
    // `1.0 to 2.0` is about a change between versions, not about one version.
    if (/^\s*(?:to|and|until|→|->)\s/i.test(after) || isSentence(after)) return undefined;
    return { version, from: match.index, to: match.index + version.length };
  }
  return undefined;
}

/** Verbs that turn a version and the words after it into a sentence, which is no heading: `2.0 is coming`. */
const verb =
  /^[\])*_`]{0,8}\s+(?:is|are|was|were|will|would|may|might|can|could|should|must|has|have|had|does|do|did|needs?|requires?|comes?|came|brings?|drops?|supports?)\s+(.*)$/i;
const released = /^(?:been |now |finally )?(?:released|out|available|here|live|published)\b/i;

function isSentence(after: string): boolean {
  const rest = verb.exec(after)?.[1];
  return rest !== undefined && !released.test(rest) && !saysNotYet(rest);
}

/** Whether a line of plain text is a version and nothing else than a date, or words after a mark. */
export function isBareTitle(text: string): boolean {
  const found = findVersionIn(text);
  if (found === undefined) return false;
  const after = text.slice(found.to).replace(/^[\])*_`]+(?:\([^)]*\))?/, '');
  if (/^\s*(?:$|[-–—:|/,([]|released?\b|\d)/i.test(after)) return true;
  const words = after.toLowerCase().match(/\p{L}+|\p{N}+/gu) ?? [];
  return words.every((word) => /^\p{N}+$/u.test(word) || neutral.has(word));
}

/** Whether the text is a day: `2024.01.02` is one. */
function isDate(text: string): boolean {
  return /^(?:19|20)\d\d\.\d\d\.\d\d$/.test(text);
}

/** Words that make a heading one about unpublished changes, wherever in the heading they are. */
const notYet = /\b(?:un ?released|un ?published|not (?:yet )?(?:released|published)|to be released)\b/;
/** Words that do so only at the beginning: `Next steps` is about something else. */
const comingFirst =
  /^(?:the )?(?:upcoming|v ?next|next|pending|work in progress|in progress|wip|in development|under development|development|tbd|tba|head|future|coming soon|soon)\b/;
const writtenFirst = /^[^\p{L}\p{N}]*\[\s*un-?released\s*\]/iu;
/** Words that may be around these: dates, and what is written in place of one. */
const neutral = new Set(
  `a and at branch change changelog changes current d date day dd dev develop development head in is latest main master mm
  month n nd next now of on or q rd release released section since soon st tba tbd th the to trunk v version wip with x xx
  xxx xxxx y yet yy yyyy z jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july
  august september october november december`.split(/\s+/),
);

/**
 * Whether a heading is about unpublished changes: `[Unreleased]`, `Unreleased - 2026-01-01`, `Upcoming release`, `main
 * (unreleased)`, `[X.Y.Z] - YYYY-MM-DD (unreleased)`.
 */
export function isUnreleasedTitle(text: string): boolean {
  const title = dropTargets(text);
  if (writtenFirst.test(title)) return true;
  return findVersionIn(title) === undefined && saysNotYet(title);
}

/** Whether a heading that names a version says that it is not published yet: `[1.1.0] - Unreleased`, `1.1.0 (TBD)`. */
export function isPendingTitle(text: string): boolean {
  const title = dropTargets(text);
  const found = findVersionIn(title);
  if (found === undefined) return false;
  const rest = title.slice(found.to);
  return saysNotYet(rest) || /^\W*(?:yyyy|xxxx|20xx)\b/i.test(rest);
}

/** Removes the targets of links; a link keeps its words. */
function dropTargets(text: string): string {
  return text.replaceAll(/\]\([^)]*\)|\]\[[^\]]*\]/g, ']');
}

function saysNotYet(text: string): boolean {
  const words =
    text
      .toLowerCase()
      .match(/\p{L}+|\p{N}+/gu)
      ?.join(' ') ?? '';
  const found = notYet.exec(words) ?? comingFirst.exec(words);
  if (found === null) return false;
  const rest = `${words.slice(0, found.index)} ${words.slice(found.index + found[0].length)}`;
  return rest.split(' ').every((word) => word === '' || /^\p{N}+$/u.test(word) || neutral.has(word));
}

/** Whether two spellings are of one version: `1.2` is `1.2.0`. */
export function isSameVersion(written: string, version: string): boolean {
  if (written === version) return true;
  const exact = semver.parse(written);
  if (exact !== null) return exact.version === version;
  return isShort(written) && semver.coerce(written)?.version === version;
}

/** Compares two versions as they are written; negative when `a` is lower. Undefined when they cannot be compared. */
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
