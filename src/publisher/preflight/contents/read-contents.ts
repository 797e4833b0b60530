import type { PackedEntry } from '../../../domain/package/tarball.ts';
import { readJsonObject } from '../../../domain/text/json-object.ts';
import { type Asmdef, readAsmdef } from './asmdef.ts';
import { extensionOf, foldersOf, isMeta } from './asset-paths.ts';
import { isForEverything, type Library, readLibrary } from './library.ts';
import { type Meta, readMeta } from './meta.ts';
import type { PackedContents } from './package.ts';

/** Largest file that is read: no source file is larger, and larger assets are not looked at. */
export const readMaxBytes = 8 * 1024 * 1024;

/** How much of a library's .meta is read; settings for twenty platforms fit. */
const pluginMetaBytes = 64 * 1024;

/** Collects contents from files that pass by; keeps none of their bytes. */
export interface ContentsReader {
  wants(entry: PackedEntry): boolean;
  take(entry: PackedEntry, content: Buffer): void;
  /** Called once every wanted file was taken. */
  finish(entries: readonly PackedEntry[]): PackedContents;
}

/** Builds a reader that collects GUIDs, assembly definitions, libraries, the manifest and the changelog. */
export function buildContentsReader(): ContentsReader {
  const metas = new Map<string, Meta>();
  const asmdefs = new Map<string, Asmdef>();
  const libraries = new Map<string, Library>();
  const limitedPlugins = new Set<string>();
  let manifestText = '';
  let changelog: PackedContents['changelog'];
  return {
    wants: ({ path, bytes }) =>
      bytes <= readMaxBytes &&
      (isMeta(path) ||
        ['.asmdef', '.dll'].includes(extensionOf(path)) ||
        path === 'package.json' ||
        isChangelog(path)),
    take: ({ path }, content) => {
      if (/\.dll\.meta$/i.test(path) && !isForEverything(content.toString('latin1', 0, pluginMetaBytes)))
        limitedPlugins.add(path);
      if (isMeta(path)) metas.set(path, readMeta(content));
      else if (extensionOf(path) === '.dll') libraries.set(path, readLibrary(content));
      else if (path === 'package.json') manifestText = content.toString('utf8');
      else if (isChangelog(path))
        changelog = chooseChangelog(changelog, { path, text: content.toString('utf8') });
      else if (extensionOf(path) === '.asmdef') asmdefs.set(path, readAsmdef(content.toString('utf8')));
    },
    finish: (entries) => {
      const paths = new Set(entries.map((entry) => entry.path));
      const folders = foldersOf(paths);
      const written = readJsonObject(manifestText) ?? {};
      return {
        entries,
        paths,
        folders,
        metas: sortByPath(metas),
        asmdefs: sortByPath(asmdefs),
        libraries: sortByPath(libraries),
        limitedPlugins,
        manifestText,
        written,
        changelog,
      };
    },
  };
}

/** Sorts by path: files arrive in any order, and what is reported about two of them must not depend on it. */
function sortByPath<T>(files: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  return new Map([...files].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

type Changelog = NonNullable<PackedContents['changelog']>;

/** Of several changelogs whose names differ in case only, returns the one with the usual name. */
function chooseChangelog(known: Changelog | undefined, other: Changelog): Changelog {
  if (known === undefined) return other;
  return known.path < other.path ? known : other;
}

function isChangelog(path: string): boolean {
  return /^changelog\.md$/i.test(path);
}
