import type { CommitSha, Slug } from '../../../domain/repository/repository.ts';
import type { OwedEntry } from '../../../ports/changelogs.ts';
import { commitToOwnBranch, type OwnCommitResult } from '../../commit/own-branch.ts';
import { buildChange } from './branch-change.ts';
import type { WriteBackDeps, WriteBackGroup } from './deps.ts';
import { listEntries, wordCommit } from './write-back-words.ts';

/** Branch of our pull request for changelogs. There is at most one; later entries join while it is open. */
const rollingBranch = 'upm-publisher/changelogs';
const lookAgainMs = 60 * 60_000;

/**
 * Writes entries for a branch that takes no commits from us. While the pull request is open, entries are added on top
 * of its branch; once it is merged or closed, a new one begins at the head of the target. Returns why the entries
 * have to wait, if they have to.
 */
export async function joinRollingPullRequest(
  deps: WriteBackDeps,
  group: WriteBackGroup,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { slug, branch } = group;
  const inRepository = (await deps.owed.listOwed()).filter(
    (item) => item.slug === slug && item.pullRequest !== undefined,
  );
  const waiting = inRepository.filter((item) => item.entry.branch === branch);
  const others = inRepository.filter((item) => item.entry.branch !== branch);
  if (await followPullRequests(deps, slug, others, signal)) {
    return 'the pull request for another branch is still open';
  }
  const isOpen = await followPullRequests(deps, slug, waiting, signal);
  const entries = group.entries.filter((item) => item.pullRequest === undefined);
  if (entries.length === 0 && !isOpen) return undefined;
  const written = await addOnTop(deps, { ...group, entries }, !isOpen, signal);
  if (written.kind !== 'written') return written.detail;
  await showPullRequest(deps, group, isOpen ? [...waiting, ...entries] : entries, signal);
  return undefined;
}

async function showPullRequest(
  deps: WriteBackDeps,
  { slug, branch }: WriteBackGroup,
  entries: readonly OwedEntry[],
  signal: AbortSignal,
): Promise<void> {
  const title = 'docs: update changelogs';
  const request = { slug, base: branch, head: rollingBranch, title, body: describe(entries) };
  const pull = await deps.writer.openPullRequest(request, signal);
  deps.logger.info('changelogs wait in a pull request', { repository: slug, pullRequest: pull.number });
  const ids = entries.map(({ id }) => id);
  await deps.owed.joinPullRequest(ids, pull.number, deps.clock.now() + lookAgainMs);
}

/** Whether the pull request in which entries wait is still open. Records what became of a closed one. */
async function followPullRequests(
  deps: WriteBackDeps,
  slug: Slug,
  waiting: readonly OwedEntry[],
  signal: AbortSignal,
): Promise<boolean> {
  let isOpen = false;
  for (const number of new Set(waiting.map((item) => item.pullRequest ?? 0))) {
    const pull = await deps.writer.findPullRequest(slug, number, signal);
    if (pull?.state === 'open') {
      isOpen = true;
      continue;
    }
    const ids = waiting.filter((item) => item.pullRequest === number).map(({ id }) => id);
    const isMerged = pull?.state === 'merged';
    const what = isMerged ? 'merged' : 'closed';
    await deps.owed.settle(ids, isMerged ? 'written' : 'given-up', `pull request #${number} was ${what}`);
  }
  return isOpen;
}

async function addOnTop(
  deps: WriteBackDeps,
  group: WriteBackGroup,
  restart: boolean,
  signal: AbortSignal,
): Promise<OwnCommitResult> {
  const { repositoryId, slug, branch, entries } = group;
  const base = await deps.writer.findHead(slug, branch, signal);
  if (base === undefined) return { kind: 'refused', detail: `there is no branch ${branch}` };
  const filesOn = async (tip: CommitSha) => {
    const at = tip === base ? branch : rollingBranch;
    return (await buildChange(deps, { ...group, branch: at }, tip, signal)).files;
  };
  const request = {
    repositoryId,
    slug,
    branch: rollingBranch,
    base,
    restart,
    filesOn,
    ...wordCommit(entries),
  };
  return commitToOwnBranch(deps, request, signal);
}

function describe(entries: readonly OwedEntry[]): string {
  return `The changelog entries of published versions, as they are in their tarballs:\n\n${listEntries(entries)}\n`;
}
