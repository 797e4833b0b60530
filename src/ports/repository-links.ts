import type { CommitSha, Repository, RepositoryId, RepositoryStatus, Slug } from '../domain/repository.ts';

export type Relinked =
  | { readonly kind: 'relinked'; readonly hasOtherOwner: boolean }
  /** Another registered repository has this id. */
  | { readonly kind: 'known'; readonly slug: Slug };

/** How registered repositories are tied to those of the git host. Each method is one transaction. */
export interface RepositoryLinks {
  /**
   * By the git host's id, else by name: then the id is learned. A name that belongs to another id by now finds
   * nothing: it was given to another repository.
   */
  findByGitHub(githubId: number, slug: Slug): Promise<Repository | undefined>;
  findGitHubId(id: RepositoryId): Promise<number | undefined>;
  /** The owner's id is learned the first time; false when it is another one since. */
  confirmOwner(id: RepositoryId, ownerId: number): Promise<boolean>;
  /** A repository of this name is registered, whatever its id. */
  isNameTaken(slug: Slug): Promise<boolean>;
  /** From now on it is the repository that has these ids; written into the audit trail. */
  relink(
    id: RepositoryId,
    now: { readonly githubId: number; readonly ownerId: number },
    by: string,
  ): Promise<Relinked>;
  /** True when its name changed. Another registered one of this name is disabled: its name was given away. */
  rename(id: RepositoryId, slug: Slug): Promise<boolean>;
  /** True when it changed; written into the audit trail. */
  setStatus(id: RepositoryId, status: RepositoryStatus, actor: string): Promise<boolean>;
  /** The commit that this branch was last seen at, by whatever way. */
  findSeenHead(id: RepositoryId, branch: string): Promise<CommitSha | undefined>;
  /** All packages of this commit were asked for before, by whatever way. */
  wasDispatched(id: RepositoryId, commit: CommitSha): Promise<boolean>;
  saveSeenHead(id: RepositoryId, branch: string, commit: CommitSha): Promise<void>;
}
