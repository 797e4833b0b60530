import type { FileChange, HistoryCommit } from '../../../domain/changelog/changelog.ts';
import type { CommitGraph } from './commit-graph.ts';

/**
 * A folder in which a package lay. A list of stays begins with the folder at the head, and goes on with those from
 * which the package was moved.
 */
export interface Stay {
  readonly folder: string;
  /**
   * The commit that moved the package here from the next folder of the list; undefined for the oldest known folder.
   */
  readonly movedBy: string | undefined;
}

/**
 * Follows a package back through moves of its folder. A move is a commit that adds the manifest, and removes files
 * with the same contents at the same places below another folder.
 */
export function followPackage(graph: CommitGraph, folder: string): readonly Stay[] {
  const stays: Stay[] = [];
  let at = folder;
  let from: ReadonlySet<string> | undefined;
  for (;;) {
    const move = findMove(graph, at, from);
    stays.push({ folder: at, movedBy: move?.commit });
    if (move === undefined || stays.some((stay) => stay.folder === move.origin)) return stays;
    at = move.origin;
    from = graph.ancestorsOf(move.commit);
  }
}

/**
 * Whether a commit changes the package. A folder counts only for commits in which the package was there: not after
 * the package left it, and not in what the move into it built on. On a branch that began before a move, the old
 * folder still counts.
 */
export function touchesPackage(
  graph: CommitGraph,
  stays: readonly Stay[],
  commit: HistoryCommit,
  isNested: (path: string, folder: string) => boolean,
): boolean {
  return stays.some((stay, index) => {
    const newer = stays[index - 1]?.movedBy;
    if (newer !== undefined && graph.descendantsOf(newer).has(commit.commit)) return false;
    const { movedBy } = stay;
    const isBefore =
      movedBy !== undefined && movedBy !== commit.commit && graph.ancestorsOf(movedBy).has(commit.commit);
    if (isBefore) return false;
    return commit.changes.some(({ path }) => isInside(path, stay.folder) && !isNested(path, stay.folder));
  });
}

export function isInside(path: string, folder: string): boolean {
  return folder === '' || path.startsWith(`${folder}/`);
}

interface Move {
  readonly commit: string;
  readonly origin: string;
}

function findMove(
  graph: CommitGraph,
  folder: string,
  within: ReadonlySet<string> | undefined,
): Move | undefined {
  const manifest = folder === '' ? 'package.json' : `${folder}/package.json`;
  for (const { commit, changes } of graph.commits) {
    if (within !== undefined && !within.has(commit)) continue;
    const added = changes.find((change) => change.path === manifest && change.before === undefined);
    if (added === undefined) continue;
    const origin = findOrigin(changes, folder);
    if (origin !== undefined) return { commit, origin };
  }
  return undefined;
}

/** Returns the folder from which most of the added files came, each to the same place with the same contents. */
function findOrigin(changes: readonly FileChange[], folder: string): string | undefined {
  const gone = Map.groupBy(
    changes.filter((change) => change.before !== undefined && change.after === undefined),
    (change) => change.before,
  );
  const added = changes.filter(
    ({ path, before, after }) => before === undefined && after !== undefined && isInside(path, folder),
  );
  const origins = added.flatMap(({ path, after }) => {
    const rest = folder === '' ? path : path.slice(folder.length + 1);
    return (gone.get(after) ?? []).flatMap((old) => originOf(old.path, rest) ?? []);
  });
  const votes = [...Map.groupBy(origins, (origin) => origin)];
  const [best] = votes.toSorted((a, b) => b[1].length - a[1].length);
  // A licence file that happens to be equal does not make a move.
  return best !== undefined && best[1].length * 3 >= added.length ? best[0] : undefined;
}

/** Returns the folder that a file came from: `Old` for `Old/Runtime/A.cs` with `Runtime/A.cs`. */
function originOf(path: string, rest: string): string | undefined {
  if (path === rest) return '';
  return path.endsWith(`/${rest}`) ? path.slice(0, -rest.length - 1) : undefined;
}
