import { PublishError } from '../../domain/failure/failure.ts';
import type { Tree } from '../../domain/package/tree.ts';
import type { CommitSha } from '../../domain/repository/repository.ts';
import type { Mirror } from './mirrors.ts';
import type { RawEntry } from './parse-tree.ts';
import type { Readers } from './readers.ts';
import { walkTree } from './walk-tree.ts';

const treesKept = 16;
/** All of them together hold at most so many times the files of the largest commit: about 80 MB. */
const filesKeptFactor = 1.5;
/** Of raw trees: the next commit shares nearly all of them. About 8 MB. */
const rawEntriesKept = 50_000;

export interface Trees {
  /** Throws PublishError repository-too-large. */
  read(mirror: Mirror, commit: CommitSha, signal: AbortSignal): Promise<Tree | 'unreadable'>;
  forget(): void;
}

/** Trees of mirrors, the last ones kept within bounds: the steps of a job ask for the same, and the next job for nearly. */
export function openTrees(readers: Pick<Readers, 'use'>, maxFiles: number): Trees {
  const trees = buildCache<Tree>(({ length }) => length, maxFiles * filesKeptFactor, treesKept);
  const raw = buildCache<readonly RawEntry[]>(({ length }) => length + 1, rawEntriesKept, rawEntriesKept);
  return {
    read: async (mirror, commit, signal) => {
      const key = `${mirror.id} ${commit}`;
      const known = trees.kept.get(key);
      if (known !== undefined) {
        trees.keep(key, known);
        return known;
      }
      try {
        const walked = await readers.use(mirror, signal, async (reader) =>
          walkTree(reader, commit, raw.kept, maxFiles),
        );
        // The root last: what does not fit are the folders farthest from it.
        for (const [oid, entries] of [...walked.trees].toReversed()) raw.keep(oid, entries);
        trees.keep(key, walked.tree);
        return walked.tree;
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof PublishError) throw error;
        return 'unreadable';
      }
    },
    forget: () => {
      trees.clear();
      raw.clear();
    },
  };
}

interface Cache<Value> {
  readonly kept: Map<string, Value>;
  /** As the newest; those used longest ago go, but never this one. */
  keep(key: string, value: Value): void;
  clear(): void;
}

function buildCache<Value>(
  sizeOf: (value: Value) => number,
  maxSize: number,
  maxCount: number,
): Cache<Value> {
  const kept = new Map<string, Value>();
  let size = 0;
  const drop = (key: string): void => {
    const value = kept.get(key);
    if (value !== undefined) size -= sizeOf(value);
    kept.delete(key);
  };
  return {
    kept,
    clear: () => {
      kept.clear();
      size = 0;
    },
    keep: (key, value) => {
      drop(key);
      kept.set(key, value);
      size += sizeOf(value);
      for (const oldest of kept.keys()) {
        if ((size <= maxSize && kept.size <= maxCount) || oldest === key) return;
        drop(oldest);
      }
    },
  };
}
