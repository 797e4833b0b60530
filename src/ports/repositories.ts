import type { Repository, RepositoryEntry, RepositoryId, Slug } from '../domain/repository.ts';

/** The registered ones; a removed repository is not among them. */
export interface Repositories {
  findBySlug(slug: Slug): Promise<Repository | undefined>;
  /** Removed ones too. */
  find(id: RepositoryId): Promise<Repository | undefined>;
  list(): Promise<readonly Repository[]>;
  /** Adds the unknown ones; known ones, removed ones too, are left as they are. How many were added. */
  addUnknown(entries: readonly RepositoryEntry[]): Promise<number>;
}
