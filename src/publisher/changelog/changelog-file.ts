import type { ChangelogEntry } from '../../domain/changelog.ts';
import type { Tree, TreeEntry } from '../../domain/tree.ts';
import type { BlobLimits } from '../../ports/repository-source.ts';
import { makeMeta } from '../packed/new-meta.ts';
import { insertEntry } from './insert-entry.ts';

/** Where a package keeps its changelog. */
export interface ChangelogPlace {
  /** Relative to the package. */
  readonly file: string;
  /** From the repository's root. */
  readonly path: string;
  /** Undefined when there is none yet. */
  readonly entry: TreeEntry | undefined;
  readonly hasMeta: boolean;
}

export interface FileToAdd {
  /** Relative to the package. */
  readonly file: string;
  readonly content: string;
}

/** Above the first, a changelog is left alone; the second is of all packages of a commit. */
export const changelogLimits: BlobLimits = { maxBytesEach: 1024 * 1024, maxBytesTotal: 48 * 1024 * 1024 };

const linesMax = 20_000;
const usualName = 'CHANGELOG.md';

/** Unity reads CHANGELOG.md; a file that differs in case only is that file. */
export function findChangelog(tree: Tree, folder: string): ChangelogPlace {
  const prefix = folder === '' ? '' : `${folder}/`;
  const own = tree.filter(
    ({ path }) => path.startsWith(prefix) && /^changelog\.md(?:\.meta)?$/i.test(path.slice(prefix.length)),
  );
  const files = own.filter(({ path }) => !path.toLowerCase().endsWith('.meta'));
  const entry = files.find(({ path }) => path === `${prefix}${usualName}`) ?? files[0];
  const path = entry?.path ?? `${prefix}${usualName}`;
  const file = path.slice(prefix.length);
  return { file, path, entry, hasMeta: own.some((other) => other.path === `${path}.meta`) };
}

export type ReadChangelog =
  | { readonly kind: 'text'; readonly text: string }
  /** Completes "CHANGELOG.md …". */
  | { readonly kind: 'unreadable'; readonly why: string };

/** No file is an empty text. */
export function readChangelogFile(place: ChangelogPlace, bytes: Uint8Array | undefined): ReadChangelog {
  if (place.entry === undefined) return { kind: 'text', text: '' };
  if (!place.entry.mode.startsWith('100')) return { kind: 'unreadable', why: 'is not a file' };
  if (bytes === undefined) return { kind: 'unreadable', why: 'is larger than 1 MB' };
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    if (text.includes('\0')) return { kind: 'unreadable', why: 'is not a text' };
    if (text.split(/\r\n|\n|\r/, linesMax + 1).length > linesMax) {
      return { kind: 'unreadable', why: `has more than ${linesMax} lines` };
    }
    return { kind: 'text', text };
  } catch {
    return { kind: 'unreadable', why: 'is not valid UTF-8' };
  }
}

/** The files that differ from the commit once the entry is in them. None when everything is there. */
export function addEntry(place: ChangelogPlace, text: string, entry: ChangelogEntry): readonly FileToAdd[] {
  const inserted = insertEntry(text, entry);
  const changed = inserted.kind === 'inserted' ? [{ file: place.file, content: inserted.text }] : [];
  return [...changed, ...addMeta(place, entry.name)];
}

/** Unity ignores a file without its meta for ever, since packages of a registry cannot be changed. */
export function addMeta(place: ChangelogPlace, name: string): readonly FileToAdd[] {
  if (place.hasMeta) return [];
  return [{ file: `${place.file}.meta`, content: makeMeta(name, place.file, false) }];
}
