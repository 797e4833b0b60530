import { setImmediate as nextTurn } from 'node:timers/promises';
import { failure, PublishError } from '../../domain/failure/failure.ts';
import type { Tree, TreeEntry } from '../../domain/package/tree.ts';
import type { CommitSha } from '../../domain/repository/repository.ts';
import type { ObjectReader } from './object-reader.ts';
import { parseTree, type RawEntry } from './parse-tree.ts';

/** Raw trees by object id. */
export type RawTrees = ReadonlyMap<string, readonly RawEntry[]>;

/** On average, with mode and object id: paths of a common length are a third of it. */
const bytesPerEntry = 256;
/** No file system takes a longer path; a folder of one letter takes two of its characters. */
const pathMax = 4_096;
/** Files that are listed before others get their turn. */
const slice = 1_000;

/**
 * Every file of a commit, folder by folder: only folders that `known` does not hold are read, all of a depth in one
 * question. Returns the trees that it consists of, too. Throws PublishError repository-too-large, or that the mirror
 * cannot be read.
 */
export async function walkTree(
  reader: ObjectReader,
  commit: CommitSha,
  known: RawTrees,
  maxFiles: number,
): Promise<{ readonly tree: Tree; readonly trees: RawTrees }> {
  const root = await readRoot(reader, commit);
  const trees = await readTrees(reader, root, known, maxFiles);
  if (countFiles(trees, root, new Map()) > maxFiles) throw tooManyFiles(maxFiles);
  return { tree: await listFiles(trees, root, maxFiles * bytesPerEntry), trees };
}

async function readRoot(reader: ObjectReader, commit: CommitSha): Promise<string> {
  const root = await reader.resolve(`${commit}^{tree}`);
  if (root === undefined) throw new Error('the mirror does not hold the tree of a commit');
  return root;
}

async function readTrees(
  reader: ObjectReader,
  root: string,
  known: RawTrees,
  maxFiles: number,
): Promise<RawTrees> {
  const trees = new Map<string, readonly RawEntry[]>();
  const budget = { bytes: maxFiles * bytesPerEntry };
  let level: readonly string[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > pathMax / 2) throw pathsTooLong();
    if (trees.size + level.length > maxFiles) throw tooManyFiles(maxFiles);
    const unknown = level.filter((oid) => !known.has(oid));
    const read = await readLevel(reader, unknown, budget);
    for (const oid of level) trees.set(oid, read.get(oid) ?? known.get(oid) ?? []);
    const folders = level.flatMap((oid) => foldersOf(trees.get(oid) ?? []));
    level = [...new Set(folders)].filter((oid) => !trees.has(oid));
  }
  return trees;
}

async function readLevel(
  reader: ObjectReader,
  oids: readonly string[],
  budget: { bytes: number },
): Promise<RawTrees> {
  const infos = await reader.list(oids);
  if (infos.some(({ type }) => type !== 'tree')) throw new Error('a tree is missing');
  budget.bytes -= infos.reduce((sum, { bytes = 0 }) => sum + bytes, 0);
  if (budget.bytes < 0) throw pathsTooLong();
  reader.request(infos.map(({ oid }) => oid));
  const read = new Map<string, readonly RawEntry[]>();
  for (const info of infos) {
    read.set(info.oid, parseTree(Buffer.concat(await Array.fromAsync(reader.content(info)))));
  }
  return read;
}

function foldersOf(entries: readonly RawEntry[]): readonly string[] {
  return entries.filter(({ mode }) => mode === 'folder').map(({ oid }) => oid);
}

/** A hostile tree names the same folder many times over on every level: each is counted once. */
function countFiles(trees: RawTrees, oid: string, counted: Map<string, number>): number {
  const known = counted.get(oid);
  if (known !== undefined) return known;
  let files = 0;
  for (const entry of trees.get(oid) ?? [])
    files += entry.mode === 'folder' ? countFiles(trees, entry.oid, counted) : 1;
  counted.set(oid, files);
  return files;
}

/** In git's order, which is the order of the entries with each folder in its place. */
async function listFiles(trees: RawTrees, root: string, maxPathBytes: number): Promise<Tree> {
  const files: TreeEntry[] = [];
  let bytesLeft = maxPathBytes;
  for (const file of walkFolder(trees, root, '', new Map())) {
    bytesLeft -= file.path.length;
    if (file.path.length > pathMax || bytesLeft < 0) throw pathsTooLong();
    files.push(file);
    if (files.length % slice === 0) await nextTurn();
  }
  return files;
}

function* walkFolder(
  trees: RawTrees,
  folder: string,
  prefix: string,
  counted: Map<string, number>,
): Generator<TreeEntry> {
  for (const { mode, name, oid } of trees.get(folder) ?? []) {
    const path = prefix + name;
    if (mode !== 'folder') yield { mode, oid, path };
    else if (countFiles(trees, oid, counted) > 0) yield* walkFolder(trees, oid, `${path}/`, counted);
  }
}

function tooManyFiles(maxFiles: number): PublishError {
  return new PublishError(
    failure('repository-too-large', { detail: `more than ${maxFiles} files`, files: maxFiles }),
  );
}

function pathsTooLong(): PublishError {
  const detail = 'the paths of its files are too long';
  return new PublishError(failure('repository-too-large', { detail, of: 'paths' }));
}
