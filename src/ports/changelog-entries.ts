import type { ChangelogEntry } from '../domain/changelog.ts';
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
  /** Whose entry has this number. */
  findVersion(id: number): Promise<Pick<ChangelogEntry, 'name' | 'version'> | undefined>;
}
