import { ownHeadline } from '../../../domain/changelog/changelog.ts';
import type { OwedEntry } from '../../../ports/changelogs.ts';

/**
 * Words the commit. Names and versions were checked when they were published, so they hold nothing that could upset a
 * message.
 */
export function wordCommit(entries: readonly OwedEntry[]): {
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

export function listEntries(entries: readonly OwedEntry[]): string {
  return entries.map(({ entry }) => `- ${entry.name} ${entry.version}`).join('\n');
}
