import type { HistoryCommit } from '../../../domain/changelog/changelog.ts';
import { type CommitMeaning, readCommit } from './read-commit.ts';

/** One change, however many commits it took. */
export interface Change extends CommitMeaning {
  /** All commits of the change, the commit that describes it first. */
  readonly commits: readonly HistoryCommit[];
}

/**
 * Folds commits into changes; both are newest first. Commits with the same words are one change, and commits that say
 * nothing are left out. `names` are the names of the package.
 */
export function foldCommits(
  commits: readonly HistoryCommit[],
  names: readonly string[] = [],
): readonly Change[] {
  const changes = new Map<string, Change>();
  for (const commit of commits) {
    const meaning = readCommit(commit, names);
    if (meaning.description === '') continue;
    const key = `${meaning.section} ${meaning.description.toLowerCase()}`;
    const same = changes.get(key);
    changes.set(
      key,
      same === undefined
        ? { ...meaning, commits: [commit] }
        : {
            ...same,
            isBreaking: same.isBreaking || meaning.isBreaking,
            pullRequest: same.pullRequest ?? meaning.pullRequest,
            commits: [...same.commits, commit],
          },
    );
  }
  return [...changes.values()];
}
