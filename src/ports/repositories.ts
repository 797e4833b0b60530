import type { Repository, RepositoryEntry, RepositoryId, Slug } from '../domain/repository.ts';

export interface Repositories {
  findBySlug(slug: Slug): Promise<Repository | undefined>;
  find(id: RepositoryId): Promise<Repository | undefined>;
  list(): Promise<readonly Repository[]>;
  /** Adds the unknown ones; known ones are left as they are. How many were added. */
  addUnknown(entries: readonly RepositoryEntry[]): Promise<number>;
}
