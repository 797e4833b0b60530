import { failure, PublishError } from '../../domain/failure/failure.ts';
import type { Tree } from '../../domain/package/tree.ts';
import type { CommitSha } from '../../domain/repository/repository.ts';
import type { LocalDeps } from './find-commit.ts';
import type { Mirror } from './mirrors.ts';
import { buildTreeParser } from './parse-git.ts';

const treesKept = 16;
/** All of them together hold at most so many times the files of the largest commit: about 80 MB. */
const filesKeptFactor = 1.5;
/** On average, with mode and object id: paths of a common length are a third of it. */
const bytesPerTreeEntry = 256;

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
      const parser = buildTreeParser(maxFiles);
      const listed = await deps.run(args, signal, maxFiles * bytesPerTreeEntry, parser.take);
      if (listed.isCut) {
        const isFull = parser.finish().length === maxFiles;
        const detail = isFull ? `more than ${maxFiles} files` : 'the paths of its files are too long';
        throw new PublishError(
          failure('repository-too-large', isFull ? { detail, files: maxFiles } : { detail, of: 'paths' }),
        );
      }
      if (listed.code !== 0) return 'unreadable';
      const tree = parser.finish();
      keep(key, tree);
      return tree;
    },
    forget: () => kept.clear(),
  };
}
