import type { Slug } from '../domain/repository.ts';

/** A repository as the git host knows it now. */
export interface HostedRepository {
  readonly githubId: number;
  readonly ownerId: number;
  /** Its name today. */
  readonly slug: Slug;
  readonly defaultBranch: string;
  readonly isArchived: boolean;
}

/** What the git host's API tells of repositories. Every method throws Outage('git-host'). */
export interface RepositoryDirectory {
  /** Follows renames. Undefined: it is not there, or we may not see it. */
  find(slug: Slug, signal: AbortSignal): Promise<HostedRepository | undefined>;
  /** A text file at the head of a branch; undefined when there is none. */
  readFile(slug: Slug, branch: string, path: string, signal: AbortSignal): Promise<string | undefined>;
}
