import { ownHeadline } from '../../../domain/changelog/changelog.ts';
import type { PendingEntry } from '../../../ports/changelogs.ts';

/** Names and versions were checked when they were published: they hold nothing that a message could trip over. */
export function wordCommit(entries: readonly PendingEntry[]): {
  readonly headline: string;
  readonly body: string;
} {
  const [only] = entries;
  const what =
    entries.length === 1 && only !== undefined
      ? `${only.entry.name} ${only.entry.version}`
      : `${entries.length} packages`;
  return { headline: `${ownHeadline} for ${what} [skip ci]`, body: listEntries(entries) };
}

export function listEntries(entries: readonly PendingEntry[]): string {
  return entries.map(({ entry }) => `- ${entry.name} ${entry.version}`).join('\n');
}
