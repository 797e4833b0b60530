import { lstatSync, realpathSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname, join, posix } from 'node:path';
import packlist from 'npm-packlist';
import type { PackedEntry } from '../../domain/package/tarball.ts';

/** Folders that are never packed, whatever the manifest says. */
const neverPacked = /^(?:node_modules|\.git)\//;

export interface PackList {
  /** package.json first, then the other files in byte order of their paths. */
  readonly entries: readonly PackedEntry[];
  /** Files of `always` that npm would have excluded. */
  readonly besides: readonly string[];
}

/** Lists the regular files that npm would ship from this folder, plus those of `always`. */
export async function listPacked(
  folder: string,
  fields: Readonly<Record<string, unknown>>,
  always: readonly string[],
): Promise<PackList> {
  const root = await realpath(folder);
  const listed = await packlist({
    path: root,
    // Bundled dependencies could lie anywhere, even outside the folder.
    package: { ...fields, bundleDependencies: [], bundledDependencies: [] },
    isProjectRoot: true,
    edgesOut: new Map(),
    workspaces: null,
  });
  const entries: PackedEntry[] = [];
  const ownFolders = new Map<string, boolean>();
  // npm-packlist writes a leading @ as ./@.
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
 * Returns the size of a regular file that lies in this folder itself, and undefined for anything else, such as a file
 * behind a link. Synchronous, because this thread does nothing else, and hundreds of round trips through the thread
 * pool took longer than the compression.
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
