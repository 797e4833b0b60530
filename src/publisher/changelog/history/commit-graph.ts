import type { HistoryCommit } from '../../../domain/changelog/changelog.ts';

/** Answers questions about a list of commits, newest first, children before their parents. */
export interface CommitGraph {
  readonly commits: readonly HistoryCommit[];
  /** Commits that this commit builds on, itself included, as far as they are listed. */
  ancestorsOf(commit: string): ReadonlySet<string>;
  /** Commits that build on this commit, itself included. */
  descendantsOf(commit: string): ReadonlySet<string>;
  /** Whether the commit is listed, or is the parent of a listed commit: the list reaches back to it. */
  reaches(commit: string): boolean;
  /** Number of the pull request that brought a commit in, by the merge that names it. */
  pullRequestOf(commit: string): number | undefined;
}

export function buildCommitGraph(commits: readonly HistoryCommit[]): CommitGraph {
  const byId = new Map(commits.map((commit) => [commit.commit as string, commit]));
  const known = new Set(commits.flatMap(({ commit, parents }): readonly string[] => [commit, ...parents]));
  const kept = new Map<string, ReadonlySet<string>>();
  const following = new Map<string, ReadonlySet<string>>();
  let pulls: ReadonlyMap<string, number> | undefined;
  return {
    commits,
    ancestorsOf: (commit) => {
      const found = kept.get(commit) ?? walk(byId, [commit], new Set());
      kept.set(commit, found);
      return found;
    },
    descendantsOf: (commit) => {
      const found = following.get(commit) ?? findDescendants(commits, commit);
      following.set(commit, found);
      return found;
    },
    reaches: (commit) => known.has(commit),
    pullRequestOf: (commit) => {
      pulls ??= findPullRequests(commits, byId);
      return pulls.get(commit);
    },
  };
}

type ById = ReadonlyMap<string, HistoryCommit>;

/** Returns every commit that is reachable from `from` and not in `seen`. */
function walk(byId: ById, from: readonly string[], seen: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...from];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const commit = byId.get(next);
    if (commit === undefined || found.has(next) || seen.has(next)) continue;
    found.add(next);
    open.push(...commit.parents);
  }
  return found;
}

function findDescendants(commits: readonly HistoryCommit[], of: string): ReadonlySet<string> {
  const found = new Set([of]);
  for (const { commit, parents } of commits.toReversed()) {
    if (parents.some((parent) => found.has(parent))) found.add(commit);
  }
  return found;
}

/**
 * Follows the main line from its beginning: the commits that a merge adds to everything before it came with that
 * merge.
 */
function findPullRequests(commits: readonly HistoryCommit[], byId: ById): ReadonlyMap<string, number> {
  const line: HistoryCommit[] = [];
  for (let at = commits[0]; at !== undefined; at = byId.get(at.parents[0] ?? '')) line.push(at);
  const seen = new Set<string>();
  const pulls = new Map<string, number>();
  for (const commit of line.toReversed()) {
    const [, ...others] = commit.parents;
    const number = /^Merge pull request #(\d+)\b/.exec(commit.subject)?.[1];
    for (const added of walk(byId, others, seen)) {
      seen.add(added);
      if (number !== undefined) pulls.set(added, Number(number));
    }
    seen.add(commit.commit);
  }
  return pulls;
}
