import { failure, PublishError } from '../../domain/failure.ts';
import type { CommitSha } from '../../domain/repository.ts';
import type { Tree } from '../../domain/tree.ts';
import type { LocalDeps } from './find-commit.ts';
import type { Mirror } from './mirrors.ts';
import { parseTree } from './parse-git.ts';

const treesKept = 16;
const bytesPerTreeEntry = 512;

export interface Trees {
  /** Throws PublishError repository-too-large. */
  read(mirror: Mirror, commit: CommitSha, signal: AbortSignal): Promise<Tree | 'unreadable'>;
  forget(): void;
}

/** Trees of mirrors, the last ones kept: the steps of a job ask for the same. */
export function openTrees(deps: LocalDeps, maxFiles: number): Trees {
  const kept = new Map<string, Tree>();
  return {
    read: async (mirror, commit, signal) => {
      const key = `${mirror.id} ${commit}`;
      const known = kept.get(key);
      if (known !== undefined) return known;
      const args = ['-C', mirror.folder, 'ls-tree', '-r', '-z', '--full-tree', '--end-of-options', commit];
      const listed = await deps.run(args, signal, maxFiles * bytesPerTreeEntry);
      const tree = listed.isCut ? undefined : parseTree(listed.stdout, maxFiles);
      if (tree === undefined) {
        throw new PublishError(failure('repository-too-large', { detail: `more than ${maxFiles} files` }));
      }
      if (listed.code !== 0) return 'unreadable';
      if (kept.size >= treesKept) kept.delete(kept.keys().next().value ?? '');
      kept.set(key, tree);
      return tree;
    },
    forget: () => kept.clear(),
  };
}
