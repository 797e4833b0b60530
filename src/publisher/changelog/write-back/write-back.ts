import { Outage, PublishError } from '../../../domain/failure/failure.ts';
import type { CommitSha } from '../../../domain/repository/repository.ts';
import type { PendingEntry } from '../../../ports/changelogs.ts';
import type { FileToCommit } from '../../../ports/github.ts';
import { backoff } from '../../pacing/wait.ts';
import { buildChange } from './branch-change.ts';
import type { WriteBackDeps, WriteBackGroup } from './deps.ts';
import { joinRollingPullRequest } from './rolling-pull-request.ts';
import { wordCommit } from './write-back-words.ts';

/** How many pushes of others may come between; after that it is tried again later. */
const movesAllowed = 8;
const firstPauseMs = 60_000;
const longestPauseMs = 60 * 60_000;

/**
 * Writes published entries to their branch in one commit on top of its current head. Nothing is overwritten: the file
 * is read at the head, and the entry is inserted there. Throws only for an aborted signal; what fails is kept and
 * tried again.
 */
export async function writeBack(
  deps: WriteBackDeps,
  group: WriteBackGroup,
  signal: AbortSignal,
): Promise<void> {
  try {
    await writeToBranch(deps, group, signal);
  } catch (error) {
    signal.throwIfAborted();
    const isExpected = error instanceof Outage || error instanceof PublishError;
    if (!isExpected)
      deps.logger.error('changelogs could not be written back', { repository: group.slug, error });
    const detail =
      error instanceof Outage ? error.detail : isExpected ? error.message : 'it failed unexpectedly';
    const asked = error instanceof Outage ? (error.retryAfterMs ?? 0) : 0;
    await postpone(deps, group, detail, asked);
  }
}

async function writeToBranch(deps: WriteBackDeps, group: WriteBackGroup, signal: AbortSignal): Promise<void> {
  for (let moves = 0; moves < movesAllowed; moves++) {
    const head = await deps.writer.findHead(group.slug, group.branch, signal);
    if (head === undefined) return postpone(deps, group, `there is no branch ${group.branch}`);
    const change = await buildChange(deps, group, head, signal);
    await settle(deps, change.gone, 'given-up', 'the package is not on the branch any more');
    await settle(deps, change.present, 'written', 'it is on the branch');
    for (const { pending, why } of change.blocked) await settle(deps, [pending], 'given-up', why);
    if (change.added.length === 0) return;
    if (await commitChange(deps, { ...group, entries: change.added }, change.files, head, signal)) return;
  }
  await postpone(deps, group, 'others pushed each time');
}

/** Returns false when somebody pushed meanwhile: everything has to be read again. */
async function commitChange(
  deps: WriteBackDeps,
  group: WriteBackGroup,
  files: readonly FileToCommit[],
  expectedHead: CommitSha,
  signal: AbortSignal,
): Promise<boolean> {
  const { slug, branch, entries } = group;
  const request = { slug, branch, expectedHead, files, ...wordCommit(entries) };
  const result = await deps.writer.commitFiles(request, signal);
  if (result.kind === 'moved') return false;
  if (result.kind === 'committed') {
    deps.logger.info('changelogs written back', { repository: slug, branch, commit: result.commit });
    await settle(deps, entries, 'written', result.commit);
    return true;
  }
  const waitsFor =
    result.kind === 'protected' ? await joinRollingPullRequest(deps, group, signal) : result.detail;
  if (waitsFor !== undefined) await postpone(deps, group, waitsFor);
  return true;
}

async function settle(
  deps: WriteBackDeps,
  entries: readonly PendingEntry[],
  end: 'written' | 'given-up',
  detail: string,
): Promise<void> {
  await deps.writeBacks.settle(
    entries.map(({ id }) => id),
    end,
    detail,
  );
}

async function postpone(
  deps: WriteBackDeps,
  group: WriteBackGroup,
  detail: string,
  askedMs = 0,
): Promise<void> {
  const tries = Math.max(...group.entries.map((item) => item.tries));
  const pauseMs = Math.max(askedMs, backoff(firstPauseMs, tries, longestPauseMs));
  deps.logger.warn('changelogs are still owed', { repository: group.slug, branch: group.branch, detail });
  await deps.writeBacks.postpone(
    group.entries.map(({ id }) => id),
    deps.clock.now() + pauseMs,
    detail,
  );
}
