import type { PendingEntry } from '../../ports/changelogs.ts';

/** Published entries that have not reached their repository: a sentence for each repository, branch and reason. */
export function wordPending(pending: readonly PendingEntry[]): readonly string[] {
  const groups = Map.groupBy(pending, wordPlace);
  return [...groups].map(
    ([place, { length }]) => `${place} (${length === 1 ? '1 entry' : `${length} entries`})`,
  );
}

function wordPlace({ slug, entry, pullRequest, detail }: PendingEntry): string {
  if (pullRequest !== undefined) return `${slug}: changelogs wait in pull request #${pullRequest}, merge it`;
  return `${slug}: changelogs are owed to ${entry.branch}, ${detail ?? 'not tried yet'}`;
}
