import { systemClock } from '../../../src/adapters/system/system-clock.ts';
import type { HistoryCommit } from '../../../src/domain/changelog/changelog.ts';
import type { Slug } from '../../../src/domain/repository/repository.ts';
import { buildRedactor } from '../../../src/domain/text/redact.ts';
import type { ChangelogWording, PackageToWord, WordedItem } from '../../../src/ports/wording.ts';
import { buildCommitGraph } from '../../../src/publisher/changelog/history/commit-graph.ts';
import { foldCommits } from '../../../src/publisher/changelog/history/fold-commits.ts';
import { settleReverts } from '../../../src/publisher/changelog/history/settle-reverts.ts';
import { composeBody } from '../../../src/publisher/changelog/wording/compose-body.ts';
import { wordEntries } from '../../../src/publisher/changelog/wording/word-entries.ts';
import { commitOf } from '../../store/queued-job.ts';

const never = new AbortController().signal;

let count = 0;
/** Makes a commit; every call makes another one. */
export function commit(subject: string, body = '', extra: Partial<HistoryCommit> = {}): HistoryCommit {
  count++;
  return {
    commit: commitOf(count),
    parents: [],
    author: 'Ada',
    email: 'ada@studio.test',
    authoredAt: count,
    subject,
    body,
    changes: [],
    ...extra,
  };
}

/** Where the entries of these tests come from. */
export const origin = {
  gitServerUrl: 'https://git.test',
  slug: 'studio/tools' as Slug,
  graph: buildCommitGraph([]),
  redact: buildRedactor(() => []),
};

/** A model that words every package with these items, and records what it was asked. */
export function saying(items: readonly WordedItem[], asked: PackageToWord[] = []): ChangelogWording {
  return {
    word: async (packages) => {
      asked.push(...packages);
      return { kind: 'worded', items: new Map(packages.map(({ id }) => [id, items])) };
    },
  };
}

/** Words the entry of one package with these commits; returns it with its body. */
export async function word(
  commits: readonly HistoryCommit[],
  wording: ChangelogWording | undefined,
  budgetMs = 5_000,
  names: readonly string[] = [],
) {
  const changes = foldCommits(settleReverts(commits, origin), names);
  const deps = { clock: systemClock, wording, budgetMs };
  const [only] = await wordEntries(
    deps,
    [{ name: 'com.studio.core', version: '1.1.0', changes }],
    origin,
    never,
  );
  if (only === undefined) throw new Error('no answer for the package');
  const body = composeBody({
    handWritten: [],
    items: only.items,
    otherwise: 'Nothing',
    sectionLevel: 3,
    bullet: '-',
  });
  return { ...only, body };
}
