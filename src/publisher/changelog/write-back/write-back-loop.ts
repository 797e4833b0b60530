import type { PendingEntry } from '../../../ports/changelogs.ts';
import { buildWorkLoop, type WorkLoop } from '../../pacing/work-loop.ts';
import type { WriteBackDeps, WriteBackGroup } from './deps.ts';
import { writeBack } from './write-back.ts';

const idleMs = 30_000;
const batch = 500;

/** Pays what is owed to repositories, when it is due and as long as it takes. */
export function buildWriteBackLoop(deps: WriteBackDeps): WorkLoop {
  const { clock, logger } = deps;
  return buildWorkLoop({
    clock,
    logger,
    idleMs,
    trouble: 'changelogs that are owed could not be read',
    work: async (signal) => {
      await writePending(deps, signal);
      return false;
    },
  });
}

/** One commit per dispatch and branch, oldest first. */
export async function writePending(deps: WriteBackDeps, signal: AbortSignal): Promise<void> {
  for (const group of groupEntries(await deps.writeBacks.listDue(batch)))
    await writeBack(deps, group, signal);
}

function groupEntries(entries: readonly PendingEntry[]): readonly WriteBackGroup[] {
  const groups = Map.groupBy(entries, (item) => `${item.repositoryId} ${item.job} ${item.entry.branch}`);
  return [...groups.values()].flatMap((items) => {
    const [first] = items;
    if (first === undefined) return [];
    const { repositoryId, slug, entry } = first;
    return [{ repositoryId, slug, branch: entry.branch, entries: items }];
  });
}
