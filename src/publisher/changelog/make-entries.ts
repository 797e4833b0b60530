import type { ChangelogEntry, EntryItem } from '../../domain/changelog/changelog.ts';
import { findHeadingStyle } from '../../domain/changelog/heading-style.ts';
import { scanChangelog } from '../../domain/changelog/scan-changelog.ts';
import { readHandWritten } from '../../domain/changelog/unreleased.ts';
import type { CommitSha, RepositoryId, Slug } from '../../domain/repository/repository.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Run } from '../run/pipeline.ts';
import { buildCommitGraph } from './history/commit-graph.ts';
import type { Range } from './history/find-range.ts';
import { foldCommits } from './history/fold-commits.ts';
import { type RangeDeps, type Ranges, readRanges } from './history/read-ranges.ts';
import { isUntold } from './history/untold.ts';
import { composeBody } from './wording/compose-body.ts';
import { plainLine } from './wording/plain-line.ts';
import { type WordingDeps, wordEntries } from './wording/word-entries.ts';

export interface MakeDeps extends RangeDeps, WordingDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly gitServerUrl: string;
  readonly redact: (text: string) => string;
  readonly run: Pick<Run, 'stage'>;
}

export interface EntriesRequest {
  readonly repositoryId: RepositoryId;
  readonly slug: Slug;
  readonly commit: CommitSha;
  /** First line of the commit's message; hostile text. */
  readonly subject: string;
  readonly branch: string;
  /** The entry's date as YYYY-MM-DD. */
  readonly date: string;
  /** Folders of all packages of the commit. */
  readonly folders: readonly string[];
  /** Names of all packages of the commit. */
  readonly names: ReadonlySet<string>;
  readonly packages: readonly {
    readonly name: string;
    readonly version: string;
    readonly folder: string;
    /** Published versions below this one, highest first. */
    readonly published: readonly string[];
    /** The changelog as committed; '' when there is none. */
    readonly text: string;
  }[];
}

export interface MadeEntry {
  readonly entry: ChangelogEntry;
  readonly warning: string | undefined;
}

const unknownHistory: Ranges = { graph: buildCommitGraph([]), byFolder: new Map(), isComplete: false };

/**
 * Makes entries from commits, for all packages of a commit. If the history cannot be read, an entry has the commit's
 * own first line.
 */
export async function makeEntries(
  deps: MakeDeps,
  request: EntriesRequest,
  signal: AbortSignal,
): Promise<readonly MadeEntry[]> {
  const { slug } = request;
  const ranges = await deps.run.stage('read-history', undefined, async () =>
    readRanges(deps, { ...request, head: request.commit }, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      deps.logger.warn('the history of a commit could not be read', { repository: slug, error });
      return unknownHistory;
    }),
  );
  const origin = { gitServerUrl: deps.gitServerUrl, slug, graph: ranges.graph, redact: deps.redact };
  const toWord = request.packages.map(({ name, version, folder }) => ({
    name,
    version,
    changes: foldCommits(ranges.byFolder.get(folder)?.commits ?? [], [name]),
  }));
  const worded =
    deps.wording === undefined
      ? await wordEntries(deps, toWord, origin, signal)
      : await deps.run.stage('word-changelogs', undefined, async () =>
          wordEntries(deps, toWord, origin, signal),
        );
  return request.packages.map((item, index) => {
    const range = ranges.byFolder.get(item.folder);
    const { items = [], wordedBy = 'commits', fallback } = worded[index] ?? {};
    const byRule =
      fallback === undefined ? undefined : `The changelog is worded by rule: the model ${fallback}`;
    const unknown = 'The changelog only tells the published commit: the history could not be read';
    return {
      entry: { ...composeEntry(deps, request, item, range, items, wordedBy), fallback },
      warning: range === undefined ? unknown : byRule,
    };
  });
}

function composeEntry(
  deps: MakeDeps,
  request: EntriesRequest,
  item: EntriesRequest['packages'][number],
  range: Range | undefined,
  items: readonly EntryItem[],
  wordedBy: ChangelogEntry['wordedBy'],
): ChangelogEntry {
  const scanned = scanChangelog(item.text);
  const { parts, blocks } = readHandWritten(scanned);
  const { sectionLevel, bullet } = findHeadingStyle(scanned);
  const body = composeBody({
    handWritten: parts,
    items,
    otherwise: otherwiseOf(deps, request, item.published, range),
    sectionLevel,
    bullet,
  });
  return {
    name: item.name,
    version: item.version,
    path: item.folder,
    commit: request.commit,
    branch: request.branch,
    date: request.date,
    body,
    moved: blocks.map((block) => block.text),
    wordedBy,
    cited: [...new Set(items.flatMap(({ commits }) => commits))],
  };
}

/**
 * Returns the text for a version that has nothing else to say: every version says something, and nothing that is not
 * so.
 */
function otherwiseOf(
  deps: MakeDeps,
  request: EntriesRequest,
  published: readonly string[],
  range: Range | undefined,
): string {
  if (range === undefined) {
    const isTelling = !isUntold(request);
    return (isTelling ? plainLine(deps.redact(request.subject), 200) : '') || 'Published';
  }
  if (published.length === 0) return 'First published version';
  const since = range.since ?? published[0];
  if (range.isChanged) return `Changes since ${since} that no commit describes`;
  return `No changes of the package since ${since}, only the version was raised`;
}
