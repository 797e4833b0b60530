import type { HistoryCommit } from '../../domain/changelog.ts';
import { type CommitMeaning, readCommit } from './read-commit.ts';

/** One change, however many commits it took. */
export interface Change extends CommitMeaning {
  /** All commits of it, the one that tells it first. */
  readonly commits: readonly HistoryCommit[];
}

/**
 * Newest first in, newest first out. A commit and the one that takes it back are both gone, so that a revert of a
 * revert brings the change back; the same words twice are one change.
 */
export function foldCommits(commits: readonly HistoryCommit[]): readonly Change[] {
  const meanings = commits.map(readCommit);
  const gone = findReverted(meanings);
  const changes = new Map<string, Change>();
  for (const meaning of meanings) {
    if (gone.has(meaning.commit.commit)) continue;
    const key = `${meaning.section} ${meaning.description.toLowerCase()}`;
    const same = changes.get(key);
    changes.set(
      key,
      same === undefined
        ? { ...meaning, commits: [meaning.commit] }
        : {
            ...same,
            isBreaking: same.isBreaking || meaning.isBreaking,
            pullRequest: same.pullRequest ?? meaning.pullRequest,
            commits: [...same.commits, meaning.commit],
          },
    );
  }
  return [...changes.values()];
}

function findReverted(meanings: readonly CommitMeaning[]): ReadonlySet<string> {
  const gone = new Set<string>();
  for (const [index, meaning] of meanings.entries()) {
    if (gone.has(meaning.commit.commit) || !isRevert(meaning)) continue;
    const older = meanings.slice(index + 1).filter((other) => !gone.has(other.commit.commit));
    const targets = older.filter((other) => isRevertOf(meaning, other));
    const wanted = Math.max(1, meaning.reverts.length);
    // What it takes back was published before: then the revert itself is the news.
    if (targets.length < wanted) continue;
    gone.add(meaning.commit.commit);
    for (const target of targets.slice(0, wanted)) gone.add(target.commit.commit);
  }
  return gone;
}

function isRevert({ commit, reverts }: CommitMeaning): boolean {
  return reverts.length > 0 || commit.subject.startsWith('Revert "');
}

function isRevertOf(meaning: CommitMeaning, other: CommitMeaning): boolean {
  if (meaning.reverts.length > 0) return meaning.reverts.some((id) => other.commit.commit.startsWith(id));
  const quoted = /^Revert "(.+?)"(?: \(#\d+\))?$/.exec(meaning.commit.subject)?.[1];
  return quoted !== undefined && quoted === other.commit.subject;
}
