import type { OwedEntry } from '../../../ports/changelogs.ts';
import { buildWorkLoop, type WorkLoop } from '../../pacing/work-loop.ts';
import type { WriteBackDeps, WriteBackGroup } from './deps.ts';
import { writeBack } from './write-back.ts';

const idleMs = 30_000;
const batch = 500;

/** Builds the loop that writes pending entries to their repositories once they are due, until they are written. */
export function buildWriteBackLoop(deps: WriteBackDeps): WorkLoop {
  const { clock, logger } = deps;
  return buildWorkLoop({
    clock,
    logger,
    idleMs,
    trouble: 'changelogs that are owed could not be read',
    work: async (signal) => {
      await payOwed(deps, signal);
      return false;
    },
  });
}

/** Writes the entries that are due: one commit per dispatch and branch, oldest first. */
export async function payOwed(deps: WriteBackDeps, signal: AbortSignal): Promise<void> {
  for (const group of groupEntries(await deps.owed.listDue(batch))) await writeBack(deps, group, signal);
}

function groupEntries(entries: readonly OwedEntry[]): readonly WriteBackGroup[] {
  const groups = Map.groupBy(entries, (item) => `${item.repositoryId} ${item.job} ${item.entry.branch}`);
  return [...groups.values()].flatMap((items) => {
    const [first] = items;
    if (first === undefined) return [];
    const { repositoryId, slug, entry } = first;
    return [{ repositoryId, slug, branch: entry.branch, entries: items }];
  });
}
