import { type Failure, failure } from '../failure/failure.ts';
import { findJsonError } from '../text/json-error.ts';

/** A package.json whose field types were checked. */
export interface UnityManifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  /** What goes to the registry: everything that was written, without the fields that must not travel. */
  readonly fields: Readonly<Record<string, unknown>>;
}

export type ParsedManifest =
  | {
      readonly kind: 'unity';
      readonly manifest: UnityManifest;
      readonly isPrivate: boolean;
    }
  /** JSON, but not a Unity package: no dotted name or no version. */
  | { readonly kind: 'other'; readonly name: string | undefined; readonly why: string }
  | { readonly kind: 'broken'; readonly name: string | undefined; readonly failure: Failure };

/**
 * Fields that would change what the registry or npm does with the package, or that npm refuses to publish.
 * They stay in the tarball's own package.json (the tarball is what the commit says).
 */
const stripped = new Set([
  'scripts',
  'publishConfig',
  'tag',
  'private',
  'dist',
  'readme',
  'readmeFilename',
  'gitHead',
  'packageExtensions',
  'patchedDependencies',
  'bundleDependencies',
  'bundledDependencies',
  'deprecated',
  'access',
  '__proto__',
]);

const maxManifestDepth = 64;
/** Most values of a manifest, counted before it is parsed: once parsed, each takes fifty times its bytes. */
const maxManifestValues = 20_000;

/** Parses one committed package.json. `file` is only used to word problems. Never throws. */
export function parseManifest(bytes: Uint8Array, file: string): ParsedManifest {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return broken(file, 1, 1, 'is not valid UTF-8');
  }
  // Preflight reports the byte order mark.
  if (text.startsWith('\uFEFF')) text = text.slice(1);
  if (hasMoreValuesThan(text, maxManifestValues))
    return broken(file, 1, 1, `holds more than ${maxManifestValues} values`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const at = jsonErrorPosition(text);
    return broken(file, at.line, at.column, at.problem);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return broken(file, 1, 1, 'is not a JSON object');
  }
  if (isDeeperThan(value, maxManifestDepth))
    return broken(file, 1, 1, `is nested deeper than ${maxManifestDepth} levels`);
  return judgeFields(value as Record<string, unknown>, text, file);
}

function judgeFields(value: Record<string, unknown>, text: string, file: string): ParsedManifest {
  const { name, version } = value;
  if (typeof name !== 'string') return { kind: 'other', name: undefined, why: 'has no name' };
  if (!isDotted(name)) {
    return { kind: 'other', name, why: 'is not named like a Unity package (com.company.package)' };
  }
  if (version === undefined) return { kind: 'other', name, why: 'has no version' };
  const wrong = wrongField(value);
  if (wrong !== undefined) {
    const line = lineOfKey(text, wrong.key);
    return broken(file, line, 1, `"${wrong.key}" must be ${wrong.expected}`, name);
  }
  const fields = Object.fromEntries(
    Object.entries(value).filter(([key]) => !key.startsWith('_') && !stripped.has(key)),
  );
  const dependencies = (value['dependencies'] ?? {}) as Record<string, string>;
  return {
    kind: 'unity',
    manifest: { name, version: version as string, dependencies, fields },
    isPrivate: value['private'] === true || value['private'] === 'true',
  };
}

/** Whether the name has a dot inside and none at the start; looks at each character once, however long the name is. */
function isDotted(name: string): boolean {
  return /^[^@/\s.][^@/\s]*$/.test(name) && name.slice(1, -1).includes('.');
}

type Check = readonly [key: string, expected: string, accepts: (value: unknown) => boolean];
const isText = (value: unknown): boolean => typeof value === 'string';
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isTextRecord = (value: unknown): boolean => isRecord(value) && Object.values(value).every(isText);

const checks: readonly Check[] = [
  ['version', 'a string', isText],
  ['dependencies', 'an object of strings', isTextRecord],
  ['files', 'a list of strings', isTexts],
  ['main', 'a string', isText],
  ['bin', 'a string or an object of strings', (v) => isText(v) || isTextRecord(v)],
  ['browser', 'a string or an object', (v) => isText(v) || isRecord(v)],
  ['displayName', 'a string', isText],
  ['description', 'a string', isText],
  ['unity', 'a string', isText],
  ['keywords', 'a list of strings', isTexts],
];

function wrongField(value: Record<string, unknown>): { key: string; expected: string } | undefined {
  for (const [key, expected, accepts] of checks) {
    if (value[key] !== undefined && !accepts(value[key])) return { key, expected };
  }
  return undefined;
}

function broken(file: string, line: number, column: number, problem: string, name?: string): ParsedManifest {
  return { kind: 'broken', name, failure: failure('manifest-invalid', { file, line, column, problem }) };
}

function lineOfKey(text: string, key: string): number {
  const index = text.indexOf(`"${key}"`);
  return index < 0 ? 1 : countLines(text, index) + 1;
}

function jsonErrorPosition(text: string): { line: number; column: number; problem: string } {
  const offset = findJsonError(text) ?? text.length;
  const isCut = offset >= text.length;
  const problem = isCut ? 'is cut off: the JSON ends too early' : problemAt(text, offset);
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  return { line: countLines(text, offset) + 1, column: (offset === 0 ? 0 : offset - lineStart) + 1, problem };
}

/** Counts the line feeds before `end`. */
function countLines(text: string, end: number): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

/** Counts values by commas and brackets outside of strings, before it is known whether the text is JSON. */
function hasMoreValuesThan(text: string, limit: number): boolean {
  let values = 0;
  let isString = false;
  for (let at = 0; at < text.length && values <= limit; at++) {
    const here = text[at];
    if (here === '"') isString = !isString;
    else if (isString) at += here === '\\' ? 1 : 0;
    else if (here === ',' || here === '[' || here === '{') values++;
  }
  return values > limit;
}

function problemAt(text: string, offset: number): string {
  const previous = text.slice(0, offset).trimEnd().at(-1) ?? '';
  const here = text[offset] ?? '';
  if (here === '"' && /["\d\]}el]/.test(previous)) return 'is not valid JSON: a comma is missing before this';
  if (previous === ',' && (here === '}' || here === ']'))
    return 'is not valid JSON: there is a comma too many before this';
  return `is not valid JSON: unexpected ${JSON.stringify(here)}`;
}

function isDeeperThan(root: unknown, limit: number): boolean {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true;
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
  }
  return false;
}
