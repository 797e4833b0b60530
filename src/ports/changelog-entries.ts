import type { ChangelogEntry, WordingFallback } from '../domain/changelog.ts';
import type { Job } from '../domain/report.ts';
import type { CommitSha, RepositoryId } from '../domain/repository.ts';

export interface StoredEntry extends ChangelogEntry {
  /** Stays the same for as long as the entry is kept. */
  readonly id: number;
}

/** What versions say of themselves, fixed before they are packed. Each method is one transaction. */
export interface ChangelogEntries {
  /** All of one commit. */
  listOf(repositoryId: RepositoryId, commit: CommitSha): Promise<readonly ChangelogEntry[]>;
  /** Durable when it resolves. One that is there already stays as it is. */
  save(job: Job, entries: readonly ChangelogEntry[]): Promise<void>;
  /** The newest of a version. */
  find(name: string, version: string): Promise<StoredEntry | undefined>;
  /** Of the entries made from `from` on and before `to` (epoch milliseconds), most frequent first. */
  countFallbacks(from: number, to: number): Promise<readonly WordingFallback[]>;
  /** Whose entry has this number. */
  findVersion(id: number): Promise<Pick<ChangelogEntry, 'name' | 'version'> | undefined>;
}
