import { lstatSync, realpathSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname, join, posix } from 'node:path';
import packlist from 'npm-packlist';
import type { PackedEntry } from '../../domain/package/tarball.ts';

/** Never part of a package, whatever its manifest asks for. */
const neverPacked = /^(?:node_modules|\.git)\//;

export interface PackList {
  /** package.json first, the rest bytewise by path. */
  readonly entries: readonly PackedEntry[];
  /** Those of `always` that npm would have left out. */
  readonly besides: readonly string[];
}

/** The regular files npm would ship from this folder, and those of `always`. */
export async function listPacked(
  folder: string,
  fields: Readonly<Record<string, unknown>>,
  always: readonly string[],
): Promise<PackList> {
  const root = await realpath(folder);
  const listed = await packlist({
    path: root,
    // Bundled dependencies may lie anywhere, also outside of the folder.
    package: { ...fields, bundleDependencies: [], bundledDependencies: [] },
    isProjectRoot: true,
    edgesOut: new Map(),
    workspaces: null,
  });
  const entries: PackedEntry[] = [];
  const ownFolders = new Map<string, boolean>();
  // It writes a leading @ as ./@.
  const chosen = new Set(listed.map((written) => posix.normalize(written)));
  const besides = new Set(always.filter((path) => !chosen.has(path)));
  for (const path of [...chosen, ...besides]) {
    const bytes = sizeOfOwnFile(root, path, ownFolders);
    if (bytes !== undefined) entries.push({ path, bytes });
    else besides.delete(path);
  }
  const sorted = entries.toSorted(
    (a, b) => rank(a) - rank(b) || Buffer.from(a.path).compare(Buffer.from(b.path)),
  );
  return { entries: sorted, besides: [...besides] };
}

function rank(entry: PackedEntry): number {
  return entry.path === 'package.json' ? 0 : 1;
}

/**
 * Undefined for what is not a regular file lying in this folder itself (not behind a link). Synchronous, because this
 * thread does nothing else, and hundreds of round trips through the thread pool took longer than the compression.
 */
function sizeOfOwnFile(root: string, path: string, ownFolders: Map<string, boolean>): number | undefined {
  if (basename(path) === '.npmrc' || neverPacked.test(path)) return undefined;
  const file = join(root, path);
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found === undefined || !found.isFile()) return undefined;
  const folder = dirname(file);
  const isOwn = ownFolders.get(folder) ?? realpathSync.native(folder) === folder;
  ownFolders.set(folder, isOwn);
  return isOwn ? found.size : undefined;
}
