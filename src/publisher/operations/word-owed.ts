import type { OwedEntry } from '../../ports/changelogs.ts';

/** Published entries that have not reached their repository: a sentence for each repository, branch and reason. */
export function wordOwed(owed: readonly OwedEntry[]): readonly string[] {
  const groups = Map.groupBy(owed, wordPlace);
  return [...groups].map(
    ([place, { length }]) => `${place} (${length === 1 ? '1 entry' : `${length} entries`})`,
  );
}

function wordPlace({ slug, entry, pullRequest, detail }: OwedEntry): string {
  if (pullRequest !== undefined) return `${slug}: changelogs wait in pull request #${pullRequest}, merge it`;
  return `${slug}: changelogs are owed to ${entry.branch}, ${detail ?? 'not tried yet'}`;
}
