import type { ChangelogEntry } from '../../domain/changelog/changelog.ts';
import { insertEntry } from '../../domain/changelog/insert-entry.ts';
import { type LfsPointer, mayBePointer, parsePointer } from '../../domain/package/lfs-pointer.ts';
import type { Tree, TreeEntry } from '../../domain/package/tree.ts';
import type { BlobLimits } from '../../ports/git.ts';
import { makeMeta } from '../preflight/contents/new-meta.ts';

/** Where a package keeps its changelog. */
export interface ChangelogPlace {
  /** Path relative to the package. */
  readonly file: string;
  /** Path from the repository's root. */
  readonly path: string;
  /** The committed file; undefined when there is none yet. */
  readonly entry: TreeEntry | undefined;
  /** What is in its place, so that no changelog can be written. Completes "CHANGELOG.md …". */
  readonly obstacle: string | undefined;
  /** The committed `.meta`, relative to the package; undefined when there is none. */
  readonly meta: string | undefined;
  /** What is in the place of its `.meta`. */
  readonly metaObstacle: string | undefined;
}

export interface FileToAdd {
  /** Path relative to the package. */
  readonly file: string;
  readonly content: string;
}

/** Limits for reading changelogs: a larger one is left alone; the total is for all packages of a commit. */
export const changelogLimits: BlobLimits = { maxBytesEach: 1024 * 1024, maxBytesTotal: 48 * 1024 * 1024 };

const linesMax = 20_000;
const usualName = 'CHANGELOG.md';

/**
 * Finds where a package keeps its changelog. Unity reads CHANGELOG.md; a file that differs in case only is that file.
 */
export function findChangelog(tree: Tree, folder: string): ChangelogPlace {
  const prefix = folder === '' ? '' : `${folder}/`;
  const own = tree.filter(
    ({ path }) =>
      path.startsWith(prefix) && /^changelog\.md(?:\.meta)?(?:\/|$)/i.test(path.slice(prefix.length)),
  );
  const occupants = own.map((entry): Occupant => {
    const [name = '', ...rest] = entry.path.slice(prefix.length).split('/');
    return { name, what: rest.length > 0 ? 'is a folder' : nameKind(entry), entry };
  });
  const [metas, logs] = [true, false].map((isMeta) =>
    occupants.filter(({ name }) => name.toLowerCase().endsWith('.meta') === isMeta),
  );
  const log = pickOccupant(logs ?? [], usualName);
  const meta = pickOccupant(metas ?? [], `${log.name}.meta`);
  return {
    file: log.name,
    path: `${prefix}${log.name}`,
    entry: log.what === undefined ? log.entry : undefined,
    obstacle: log.what,
    meta: meta.what === undefined && meta.entry !== undefined ? meta.name : undefined,
    metaObstacle: meta.what,
  };
}

interface Occupant {
  readonly name: string;
  /** Undefined for a regular file. */
  readonly what: string | undefined;
  /** Undefined where there is nothing. */
  readonly entry: TreeEntry | undefined;
}

function nameKind({ mode }: TreeEntry): string | undefined {
  if (mode.startsWith('100')) return undefined;
  return mode === '120000' ? 'is a symbolic link' : 'is a submodule';
}

/** Picks files before anything else with such a name, and the usual name before others. */
function pickOccupant(occupants: readonly Occupant[], usual: string): Occupant {
  const files = occupants.filter(({ what }) => what === undefined);
  const among = files.length > 0 ? files : occupants;
  const nothing = { name: usual, what: undefined, entry: undefined };
  return among.find(({ name }) => name === usual) ?? among[0] ?? nothing;
}

export type ReadChangelog =
  | { readonly kind: 'text'; readonly text: string }
  /** Git LFS keeps the text. `why` completes "CHANGELOG.md …". */
  | { readonly kind: 'pointer'; readonly pointer: LfsPointer; readonly why: string }
  /** `why` completes "CHANGELOG.md …". */
  | { readonly kind: 'unreadable'; readonly why: string };

/** Lists the blobs to read for these changelogs; only regular files are ever requested. */
export function blobsOf(places: Iterable<ChangelogPlace>): readonly string[] {
  return [...places].flatMap(({ entry }) => entry?.oid ?? []);
}

/** Lists the files that ship whatever `files` and .npmignore say: each version has its changelog. */
export function listShipped({ entry, file, meta }: ChangelogPlace): readonly string[] {
  return [...(entry === undefined ? [] : [file]), ...(meta === undefined ? [] : [meta])];
}

/** Reads a changelog; a missing file counts as an empty text. */
export function readChangelogFile(place: ChangelogPlace, bytes: Uint8Array | undefined): ReadChangelog {
  if (place.obstacle !== undefined) return { kind: 'unreadable', why: place.obstacle };
  if (place.entry === undefined) return { kind: 'text', text: '' };
  if (bytes === undefined) return { kind: 'unreadable', why: 'is larger than 1 MB' };
  const found = mayBePointer(bytes.length) ? parsePointer(Buffer.from(bytes).toString('latin1')) : undefined;
  if (found?.kind === 'pointer') {
    return { kind: 'pointer', pointer: found.pointer, why: 'is a Git LFS pointer' };
  }
  if (found?.kind === 'unreadable')
    return { kind: 'unreadable', why: 'is a Git LFS pointer that cannot be read' };
  return readText(bytes);
}

export function readText(bytes: Uint8Array): Exclude<ReadChangelog, { readonly kind: 'pointer' }> {
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

/**
 * Returns the files that differ from the commit once the entry is in them; empty when everything is there already.
 */
export function addEntry(place: ChangelogPlace, text: string, entry: ChangelogEntry): readonly FileToAdd[] {
  const inserted = insertEntry(text, entry);
  const changed = inserted.kind === 'inserted' ? [{ file: place.file, content: inserted.text }] : [];
  return [...changed, ...addMeta(place, entry.name)];
}

/**
 * Returns the .meta that the changelog lacks. Packages of a registry cannot be changed, so Unity ignores a file without
 * its .meta for ever.
 */
export function addMeta(place: ChangelogPlace, name: string): readonly FileToAdd[] {
  if (place.meta !== undefined || place.metaObstacle !== undefined) return [];
  return [{ file: `${place.file}.meta`, content: makeMeta(name, place.file, false) }];
}
