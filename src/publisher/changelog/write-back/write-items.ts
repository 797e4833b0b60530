import type { EntryItem, HistoryCommit } from '../../../domain/changelog/changelog.ts';
import type { Slug } from '../../../domain/repository/repository.ts';
import type { CommitGraph } from '../history/commit-graph.ts';
import type { Change } from '../history/fold-commits.ts';
import { plainLine } from '../wording/plain-line.ts';

/** What the references of an entry are made of. */
export interface Origin {
  /** GITHUB_SERVER_URL, without a trailing slash. */
  readonly gitServerUrl: string;
  readonly slug: Slug;
  readonly graph: CommitGraph;
  /** Hides what looks like a secret. */
  readonly redact: (text: string) => string;
}

const descriptionMax = 200;
const itemsMax = 60;
const referencesMax = 4;

/** Writes changes as lines of an entry, by rule and in the words of the commits. */
export function writeItems(changes: readonly Change[], origin: Origin): readonly EntryItem[] {
  const shown = changes.slice(0, itemsMax).map(
    (change): EntryItem => ({
      section: change.section,
      isBreaking: change.isBreaking,
      text: `${plainLine(origin.redact(change.description), descriptionMax)}${writeReferences([change], origin)}`,
      commits: change.commits.map((commit) => commit.commit),
    }),
  );
  const rest = changes.slice(itemsMax);
  if (rest.length === 0) return shown;
  const text = `${rest.length} older ${rest.length === 1 ? 'change' : 'changes'}`;
  const commits = rest.flatMap((change) => change.commits.map((commit) => commit.commit));
  return [...shown, { section: 'Changed', isBreaking: false, text, commits }];
}

/** Writes the references, like ` ([#12](…), [@ada](…))`: pull requests, or commits without one, and their authors. */
export function writeReferences(changes: readonly Change[], origin: Origin): string {
  const base = `${origin.gitServerUrl}/${origin.slug}`;
  const links = changes.map((change) => {
    const [first] = change.commits;
    const number = change.pullRequest ?? origin.graph.pullRequestOf(first?.commit ?? '');
    if (number !== undefined) return `[#${number}](${base}/pull/${number})`;
    return `[${first?.commit.slice(0, 7)}](${base}/commit/${first?.commit})`;
  });
  const commits = changes.flatMap((change) => change.commits);
  const authors = commits.map((commit) => writeAuthor(commit, origin));
  const all = [...new Set(links).values()].slice(0, referencesMax);
  const people = [...new Set(authors)].filter((author) => author !== '').slice(0, referencesMax);
  return ` (${[...all, ...people].join(', ')})`;
}

/**
 * Returns the author of a commit. Only GitHub's own addresses reveal an account; other authors are shown by name,
 * without the address.
 */
function writeAuthor({ author, email }: HistoryCommit, origin: Origin): string {
  const login = /^(?:\d+\+)?([A-Za-z0-9][A-Za-z0-9-]{0,38})@users\.noreply\./.exec(email)?.[1];
  if (login !== undefined) return `[@${login}](${origin.gitServerUrl}/${login})`;
  return plainLine(origin.redact(author), 60).replaceAll(',', '');
}
