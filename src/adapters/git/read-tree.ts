import { failure, PublishError } from '../../domain/failure.ts';
import type { CommitSha } from '../../domain/repository.ts';
import type { Tree } from '../../domain/tree.ts';
import type { LocalDeps } from './find-commit.ts';
import type { Mirror } from './mirrors.ts';
import { parseTree } from './parse-git.ts';

const treesKept = 16;
/** All of them together hold at most so many times the files of the largest commit: about 80 MB. */
const filesKeptFactor = 1.5;
const bytesPerTreeEntry = 512;

export interface Trees {
  /** Throws PublishError repository-too-large. */
  read(mirror: Mirror, commit: CommitSha, signal: AbortSignal): Promise<Tree | 'unreadable'>;
  forget(): void;
}

/** Trees of mirrors, the last ones kept within bounds: the steps of a job ask for the same. */
export function openTrees(deps: LocalDeps, maxFiles: number): Trees {
  const kept = new Map<string, Tree>();
  /** As the newest; those used longest ago go, but never this one. */
  const keep = (key: string, tree: Tree): void => {
    kept.delete(key);
    kept.set(key, tree);
    let files = [...kept.values()].reduce((sum, { length }) => sum + length, 0);
    for (const [oldest, { length }] of kept) {
      const isWithin = files <= maxFiles * filesKeptFactor && kept.size <= treesKept;
      if (isWithin || oldest === key) return;
      kept.delete(oldest);
      files -= length;
    }
  };
  return {
    read: async (mirror, commit, signal) => {
      const key = `${mirror.id} ${commit}`;
      const known = kept.get(key);
      if (known !== undefined) {
        keep(key, known);
        return known;
      }
      const args = ['-C', mirror.folder, 'ls-tree', '-r', '-z', '--full-tree', '--end-of-options', commit];
      const listed = await deps.run(args, signal, maxFiles * bytesPerTreeEntry);
      const tree = listed.isCut ? undefined : parseTree(listed.stdout, maxFiles);
      if (tree === undefined) {
        throw new PublishError(
          failure('repository-too-large', { detail: `more than ${maxFiles} files`, files: maxFiles }),
        );
      }
      if (listed.code !== 0) return 'unreadable';
      keep(key, tree);
      return tree;
    },
    forget: () => kept.clear(),
  };
}
