import type { HistoryCommit } from '../../../domain/changelog/changelog.ts';
import type { CommitGraph } from './commit-graph.ts';
import { dropNumbers, findOwnNumber, type Revert, readRevert, readReverted } from './read-revert.ts';

export interface RevertContext {
  readonly graph: CommitGraph;
  /** The repository whose pull requests the commits name. */
  readonly slug: string;
}

/**
 * Returns the commits without those that were reverted and without their reverts; both lists are newest first. A
 * revert of a revert brings the change back. A revert of something that was published before stays.
 */
export function settleReverts(
  commits: readonly HistoryCommit[],
  context: RevertContext,
): readonly HistoryCommit[] {
  const search = new Search(commits, context);
  for (const [at, commit] of commits.entries()) {
    if (search.isGone(commit)) continue;
    const revert = readRevert(commit);
    if (revert !== undefined) search.settle(at, revert);
  }
  return commits.filter((commit) => !search.isGone(commit));
}

/** Length of the shortest commit id in a message. */
const prefixLength = 7;

/** Finds what reverts are about, among the older commits that are not reverted yet. */
class Search {
  readonly #commits: readonly HistoryCommit[];
  readonly #context: RevertContext;
  readonly #gone = new Set<number>();
  readonly #byId: ReadonlyMap<string, number>;
  readonly #listed: ReadonlyMap<string, readonly HistoryCommit[]>;
  readonly #byText: ReadonlyMap<string, readonly number[]>;
  readonly #byNumber: ReadonlyMap<number, readonly number[]>;

  constructor(commits: readonly HistoryCommit[], context: RevertContext) {
    this.#commits = commits;
    this.#context = context;
    this.#byId = new Map(commits.map(({ commit }, index) => [commit, index]));
    this.#listed = Map.groupBy([...context.graph.commits, ...commits], ({ commit }) =>
      commit.slice(0, prefixLength),
    );
    const indexes = [...commits.keys()];
    this.#byText = Map.groupBy(indexes, (index) => keyOf(commits[index]?.subject ?? ''));
    const numbered = indexes.flatMap((index) => numbersOf(commits[index], context.graph, index));
    const groups = Map.groupBy(numbered, ({ number }) => number);
    this.#byNumber = new Map([...groups].map(([number, items]) => [number, items.map(({ index }) => index)]));
  }

  isGone({ commit }: HistoryCommit): boolean {
    return this.#gone.has(this.#byId.get(commit) ?? -1);
  }

  settle(at: number, revert: Revert): void {
    const byId = revert.commits.map((id) => this.#findById(id, at));
    const found = byId.filter((targets) => targets.length > 0);
    const targets = found.length > 0 ? found.flat() : this.#findOtherwise(at, revert);
    for (const target of targets) this.#gone.add(target);
    // If a part of it was published before, the revert itself is news.
    const isWhole = found.length === 0 || found.length === byId.length;
    if (targets.length > 0 && isWhole) this.#gone.add(at);
  }

  /** Returns the commit, or all commits that a merge brought in. */
  #findById(id: string, at: number): readonly number[] {
    const { graph } = this.#context;
    const listed = this.#findListed(id);
    const own = this.#byId.get(listed?.commit ?? '');
    if (own !== undefined) return this.#left([own], at);
    if (listed === undefined || listed.parents.length < 2) return [];
    const before = graph.ancestorsOf(listed.parents[0] ?? '');
    const brought = [...graph.ancestorsOf(listed.commit)].filter((commit) => !before.has(commit));
    return this.#left(
      brought.flatMap((commit) => this.#byId.get(commit) ?? []),
      at,
    );
  }

  #findListed(id: string): HistoryCommit | undefined {
    return this.#listed.get(id.slice(0, prefixLength))?.find(({ commit }) => commit.startsWith(id));
  }

  /**
   * Finds commits by the number of the pull request, else by the words. If an id is listed but not among these
   * commits, it was published before.
   */
  #findOtherwise(at: number, revert: Revert): readonly number[] {
    const { slug } = this.#context;
    if (revert.commits.some((id) => this.#findListed(id) !== undefined)) return [];
    const numbers = revert.pullRequests.filter(
      ({ repository }) => repository === undefined || repository.toLowerCase() === slug.toLowerCase(),
    );
    const byNumber = numbers.flatMap(({ number }) => this.#left(this.#byNumber.get(number) ?? [], at));
    if (byNumber.length > 0) return [...new Set(byNumber)];
    const said = new Set(numbers.map(({ number }) => number));
    const [nearest] = keysOf(revert)
      .flatMap((key) => this.#left(this.#byText.get(key) ?? [], at))
      .filter((index) => {
        const own = findOwnNumber(this.#commits[index]?.subject ?? '');
        return said.size === 0 || own === undefined || said.has(own);
      });
    return nearest === undefined ? [] : [nearest];
  }

  #left(indexes: readonly number[], at: number): readonly number[] {
    return indexes.filter((index) => index > at && !this.#gone.has(index));
  }
}

function numbersOf(
  commit: HistoryCommit | undefined,
  graph: CommitGraph,
  index: number,
): readonly { readonly number: number; readonly index: number }[] {
  if (commit === undefined) return [];
  const merged = graph.pullRequestOf(commit.commit);
  const numbers = new Set([findOwnNumber(commit.subject) ?? merged, merged]);
  return [...numbers].flatMap((number) => (number === undefined ? [] : [{ number, index }]));
}

/** Returns the same key for all ways of saying that something was reverted, or brought back. */
function keyOf(subject: string): string {
  const reverted = readReverted(subject);
  return `${reverted?.kind ?? ''} ${dropNumbers(reverted?.subject ?? subject).toLowerCase()}`;
}

/** Returns the keys of what a revert is about: the words themselves, or, for a reapply, the revert of them. */
function keysOf({ about, named }: Revert): readonly string[] {
  const isReapply = named?.kind === 'reapplied' && readReverted(about) === undefined;
  return isReapply ? [keyOf(`Revert "${about}"`)] : [keyOf(about)];
}
