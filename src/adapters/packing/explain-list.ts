import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Minimatch } from 'minimatch';
import type { PackedEntry } from '../../domain/package/tarball.ts';
import type { IdleEntry, IgnoreLine, WhyNotPacked } from '../../ports/packing.ts';

/**
 * The options with which `npm-packlist` 11 matches ignore patterns: they decide about case, hidden files and names
 * without a slash.
 */
const likeNpm = { matchBase: true, dot: true, flipNegate: true, nocase: true } as const;
/** Limit on comparisons of a path with a pattern; beyond it the explanation is incomplete. */
const comparisonsMax = 1_000_000;
/** Later lines of an ignore file are not read; npm refuses longer patterns. */
const linesMax = 2_000;

interface Rule extends IgnoreLine {
  readonly match: Minimatch;
}

/**
 * Explains why files of a folder are not among those that npm ships: by the lines of `.npmignore` files, and by entries
 * of `files` that match nothing. Does not decide what is packed.
 */
export function explainList(
  folder: string,
  fields: Readonly<Record<string, unknown>>,
  packed: readonly PackedEntry[],
): WhyNotPacked {
  const staged = listStaged(folder);
  const ships = new Set(packed.map(({ path }) => path));
  const gone = staged.filter((path) => !ships.has(path));
  const files: readonly unknown[] | undefined = Array.isArray(fields['files']) ? fields['files'] : undefined;
  return {
    ignored: gone.length === 0 ? new Map() : findLines(readRules(folder, staged, files !== undefined), gone),
    idle: files === undefined ? [] : findIdle(files, staged),
  };
}

function listStaged(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => !path.startsWith('node_modules/'));
}

/** Rules by the folder of their ignore file; '' for the root. */
type RulesByFolder = ReadonlyMap<string, readonly Rule[]>;

/** npm ignores the root's `.npmignore` when package.json has `files`. */
function readRules(folder: string, staged: readonly string[], hasFiles: boolean): RulesByFolder {
  const rules = new Map<string, readonly Rule[]>();
  for (const file of staged) {
    if (file !== '.npmignore' && !file.endsWith('/.npmignore')) continue;
    if (file === '.npmignore' && hasFiles) continue;
    const lines = readFileSync(join(folder, file), 'utf8').split(/\r?\n/).slice(0, linesMax);
    const own = lines.flatMap((line, index) => readRule(file, line.trim(), index + 1));
    rules.set(file.slice(0, -'.npmignore'.length).replace(/\/$/, ''), own);
  }
  return rules;
}

function readRule(file: string, pattern: string, line: number): readonly Rule[] {
  if (pattern === '' || pattern.startsWith('#')) return [];
  try {
    return [{ file, line, pattern, match: new Minimatch(pattern, likeNpm) }];
  } catch {
    return [];
  }
}

/** Returns ignore lines by the topmost path that each excludes: for an excluded folder, the folder's path. */
function findLines(rules: RulesByFolder, gone: readonly string[]): ReadonlyMap<string, IgnoreLine> {
  const found = new Map<string, IgnoreLine>();
  const kept = new Set<string>();
  let left = comparisonsMax;
  const look = (at: string, isFolder: boolean): void => {
    const { line, comparisons } = findLine(rules, at, isFolder);
    left -= comparisons;
    if (line === undefined) kept.add(at);
    else found.set(at, line);
  };
  for (const path of gone) {
    for (const { at, isFolder } of stepsTo(path)) {
      if (found.has(at) || left < 0) break;
      if (!kept.has(at)) look(at, isFolder);
    }
  }
  return found;
}

/** Returns every folder above the file, topmost first, and then the file itself. */
function stepsTo(path: string): readonly { readonly at: string; readonly isFolder: boolean }[] {
  const parts = path.split('/');
  return parts.map((_, index) => ({
    at: parts.slice(0, index + 1).join('/'),
    isFolder: index < parts.length - 1,
  }));
}

/**
 * Finds the last line that matches the path, as git and npm do; undefined when there is none or it re-includes the
 * path.
 */
function findLine(rules: RulesByFolder, path: string, isFolder: boolean) {
  let line: IgnoreLine | undefined;
  let comparisons = 0;
  for (const [folder, own] of rules) {
    if (folder !== '' && !path.startsWith(`${folder}/`)) continue;
    const relative = folder === '' ? path : path.slice(folder.length + 1);
    comparisons += own.length;
    for (const { match, ...rule } of own) {
      if (matches(match, relative, isFolder)) line = match.negate ? undefined : rule;
    }
  }
  return { line, comparisons };
}

function matches(match: Minimatch, path: string, isFolder: boolean): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const forms = isFolder ? [`/${path}`, path, `/${path}/`, `${path}/`, `${name}/`] : [`/${path}`, path];
  return forms.some((form) => match.match(form));
}

function findIdle(files: readonly unknown[], staged: readonly string[]): readonly IdleEntry[] {
  const known = [...new Set(staged.flatMap((path) => stepsTo(path).map(({ at }) => at)))];
  return files.flatMap((entry): readonly IdleEntry[] => {
    if (typeof entry !== 'string' || entry.startsWith('!')) return [];
    // Same as npm-packlist 11: an entry like "./" becomes empty and packs nothing.
    const pattern = entry.replace(/^\.?\//, '').replace(/(?<!\/)\/+$/, '');
    if (pattern === '' || pattern === '.') return [{ entry, meant: undefined }];
    if (find(known, pattern, false) !== undefined) return [];
    return [{ entry, meant: find(known, pattern, true) }];
  });
}

function find(known: readonly string[], pattern: string, nocase: boolean): string | undefined {
  try {
    const match = new Minimatch(pattern, { dot: true, nocase, nocomment: true, nonegate: true });
    return known.find((path) => match.match(path));
  } catch {
    return undefined;
  }
}
