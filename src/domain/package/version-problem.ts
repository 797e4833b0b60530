import semver from 'semver';

/**
 * Highest number in a version: above it a version would block every later one for ever (a date such as 20261124 still
 * fits).
 */
const highestComponent = 99_999_999;
const longest = 128;

export interface VersionProblem {
  /** Everything that is wrong, as phrases. */
  readonly problem: string;
  /** A valid version that was most likely meant; undefined when none can be guessed. */
  readonly suggestion: string | undefined;
}

/** Returns what is wrong with a version (strict SemVer 2.0.0, no build metadata); undefined when nothing is. */
export function findVersionProblem(version: string): VersionProblem | undefined {
  if (version.length > longest)
    return { problem: `it is longer than ${longest} characters`, suggestion: undefined };
  if (isValid(version)) return undefined;
  const problems: string[] = [];
  let text = version;
  for (const step of steps) {
    const found = step(text);
    if (found === undefined) continue;
    problems.push(found.problem);
    text = found.instead ?? '';
    if (found.instead === undefined) break;
  }
  const problem = problems.length > 0 ? problems.join('; ') : 'it is not of the form major.minor.patch';
  return { problem, suggestion: isValid(text) ? text : undefined };
}

function isValid(version: string): boolean {
  const parsed = version.length <= longest ? semver.parse(version) : null;
  if (parsed === null || parsed.version !== version) return false;
  return Math.max(parsed.major, parsed.minor, parsed.patch) <= highestComponent;
}

interface Found {
  readonly problem: string;
  /** What was most likely meant; undefined when nobody can say, and then no further step runs. */
  readonly instead?: string;
}
type Step = (text: string) => Found | undefined;

/** Steps that each look at one thing, in the text that the steps before left. */
const steps: readonly Step[] = [
  findInvisible,
  findRange,
  findSpaces,
  findPrefix,
  findComma,
  findDash,
  findBuild,
  findLastDot,
  findNoNumber,
  findHugeNumber,
  findMissingHyphen,
  findNumberCount,
  findLeadingZeros,
  findEmptyIdentifier,
  findForeignCharacter,
];

const invisible = /[[\p{Cc}\p{Cf}\p{Co}\p{Cs}]--[\s--[\uFEFF]]]/v;
const dashes = /[[\p{Pd}\u2212]--[\-]]/v;

/** Finds characters that nobody sees, whatever they are for. */
function findInvisible(text: string): Found | undefined {
  const found = invisible.exec(text)?.[0];
  if (found === undefined) return undefined;
  const code = (found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  const instead = text.replaceAll(new RegExp(invisible, 'gv'), '');
  return { problem: `it contains an invisible character (U+${code})`, instead };
}

function findSpaces(text: string): Found | undefined {
  if (text.trim() === '') return { problem: 'it is empty' };
  if (!/\s/.test(text)) return undefined;
  const where = /\s/.test(text.trim()) ? 'spaces in it' : 'spaces around it';
  return { problem: `it has ${where}`, instead: text.replaceAll(/\s+/g, '') };
}

function findRange(text: string): Found | undefined {
  const [operator] = /^\s*(?:[\^~]|[<>]=?|=)+/.exec(text) ?? [''];
  const rest = text.slice(operator.length);
  if (/\s-\s|\|\||[<>^~*=]/.test(rest)) return { problem: 'it is a range of versions, not one version' };
  if (operator === '') return undefined;
  return { problem: `“${operator.trim()}” belongs to a range of versions`, instead: rest };
}

function findPrefix(text: string): Found | undefined {
  const prefix = /^(?:version|ver|v)[.-]?(?=\d)/i.exec(text)?.[0];
  if (prefix === undefined) return undefined;
  return { problem: `write it without the “${prefix}”`, instead: text.slice(prefix.length) };
}

function findComma(text: string): Found | undefined {
  if (!/^\d+,\d/.test(text)) return undefined;
  return { problem: 'a comma stands where a dot belongs', instead: text.replaceAll(',', '.') };
}

function findLastDot(text: string): Found | undefined {
  if (!text.endsWith('.')) return undefined;
  return { problem: 'it ends with a dot', instead: text.replace(/(?<!\.)\.+$/, '') };
}

/** Finds dashes of a text processor, and minus signs. */
function findDash(text: string): Found | undefined {
  const dash = dashes.exec(text)?.[0];
  if (dash === undefined) return undefined;
  return { problem: `“${dash}” is no hyphen`, instead: text.replaceAll(new RegExp(dashes, 'gv'), '-') };
}

function findBuild(text: string): Found | undefined {
  const at = text.indexOf('+');
  if (at < 0) return undefined;
  return {
    problem: 'build metadata (“+…”) is dropped by registries, so two builds would collide',
    instead: text.slice(0, at),
  };
}

function findNoNumber(text: string): Found | undefined {
  if (/^\d/.test(text)) return undefined;
  return { problem: 'it needs three numbers: major.minor.patch' };
}

function findHugeNumber(text: string): Found | undefined {
  const [core = ''] = text.split('-');
  const numbers = core.split('.').filter((part) => /^\d+$/.test(part));
  if (numbers.every((part) => Number(part) <= highestComponent)) return undefined;
  return { problem: `a number above ${highestComponent} would block every later version` };
}

/** Splits a text into the numbers that it begins with and what follows them. */
function splitCore(text: string): { readonly numbers: readonly string[]; readonly rest: string } {
  const core = /^\d+(?:\.\d+)*/.exec(text)?.[0] ?? '';
  return { numbers: core.split('.').filter((part) => part !== ''), rest: text.slice(core.length) };
}

/** Finds `1.2.3beta`, `1.2.3.beta` and `1.2.3_beta`, which npm takes for prereleases when it is not strict. */
function findMissingHyphen(text: string): Found | undefined {
  const { numbers, rest } = splitCore(text);
  const [, word] = /^[._]?([a-z].*)$/i.exec(rest) ?? [];
  // With fewer than three numbers, an `x` stands for one of them.
  const isRange = numbers.length < 3 && /^[x*](?:[.]|$)/i.test(word ?? '');
  if (word === undefined || numbers.length === 0 || isRange) return undefined;
  const shown = /^[a-z]+/i.exec(word)?.[0] ?? word;
  return { problem: `a hyphen is missing before “${shown}”`, instead: `${numbers.join('.')}-${word}` };
}

function findNumberCount(text: string): Found | undefined {
  const { numbers, rest } = splitCore(text);
  if (numbers.length === 0 || numbers.length === 3) return undefined;
  if (rest !== '' && !rest.startsWith('-')) return { problem: 'it needs three numbers: major.minor.patch' };
  const three = [...numbers, '0', '0'].slice(0, 3).join('.');
  const counted = numbers.length === 1 ? 'one number' : `${numbers.length} numbers`;
  return { problem: `it has ${counted}, and a version has three: major.minor.patch`, instead: three + rest };
}

/** Finds leading zeros of numbers; an identifier with a letter may begin with zeros. */
function findLeadingZeros(text: string): Found | undefined {
  const wrong = text.split(/[.-]/).filter((part) => /^0\d+$/.test(part));
  if (wrong.length === 0) return undefined;
  const at = text.indexOf('-');
  const core = at < 0 ? text : text.slice(0, at);
  const prerelease = at < 0 ? '' : `-${stripZeros(text.slice(at + 1))}`;
  const shown = [...new Set(wrong)].map((part) => `“${part}”`).join(' and ');
  const what = wrong.length === 1 ? 'has a leading zero' : 'have leading zeros';
  return { problem: `${shown} ${what}`, instead: stripZeros(core) + prerelease };
}

function stripZeros(dotted: string): string {
  return dotted
    .split('.')
    .map((part) => (/^0\d+$/.test(part) ? part.replace(/^0+(?=\d)/, '') : part))
    .join('.');
}

function findEmptyIdentifier(text: string): Found | undefined {
  const at = text.indexOf('-');
  if (at < 0) return undefined;
  const parts = text.slice(at + 1).split('.');
  if (parts.every((part) => part !== '')) return undefined;
  const kept = parts.filter((part) => part !== '').join('.');
  if (kept === '') return { problem: 'nothing stands behind its hyphen', instead: text.slice(0, at) };
  return { problem: 'nothing stands between two of its dots', instead: `${text.slice(0, at)}-${kept}` };
}

function findForeignCharacter(text: string): Found | undefined {
  const foreign = /[^0-9A-Za-z.-]/u.exec(text)?.[0];
  if (foreign === undefined) return undefined;
  const problem = `“${foreign}” cannot stand in it: only letters, digits, dots and hyphens can`;
  return { problem, instead: text.replaceAll(/[^0-9A-Za-z.-]+/gu, '-') };
}
