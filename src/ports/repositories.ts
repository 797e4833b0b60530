import type { Actor } from '../domain/job/actor.ts';
import type { RuleLevels } from '../domain/package/rule-level.ts';
import type {
  CommitSha,
  FixMode,
  PublishMode,
  Repository,
  RepositoryEntry,
  RepositoryId,
  RepositoryStatus,
  Slug,
} from '../domain/repository/repository.ts';

/** The registered repositories. Removed repositories are left out unless a method says otherwise. */
export interface Repositories {
  findBySlug(slug: Slug): Promise<Repository | undefined>;
  /** Returns removed repositories too. */
  find(id: RepositoryId): Promise<Repository | undefined>;
  list(): Promise<readonly Repository[]>;
  /**
   * Adds the repositories that are unknown. Known ones, removed ones included, stay as they are. Returns how many were
   * added.
   */
  addUnknown(entries: readonly RepositoryEntry[]): Promise<number>;
}

/** A repository as the git host knows it now. */
export interface HostedRepository {
  readonly githubId: number;
  readonly ownerId: number;
  /** Current name, which differs from the registered one after a rename. */
  readonly slug: Slug;
  readonly defaultBranch: string;
  readonly isArchived: boolean;
}

/** Reads repositories through the git host's API. Every method throws Outage('git-host'). */
export interface RepositoryDirectory {
  /** Follows renames. Returns undefined if the repository does not exist or our credentials cannot see it. */
  find(slug: Slug, signal: AbortSignal): Promise<HostedRepository | undefined>;
  /** Returns a text file at the head of a branch; undefined if it does not exist. */
  readFile(slug: Slug, branch: string, path: string, signal: AbortSignal): Promise<string | undefined>;
}

export interface RepositoryChange {
  readonly branches?: readonly string[];
  readonly scopes?: readonly string[];
  readonly status?: RepositoryStatus;
  readonly mode?: PublishMode;
  readonly rules?: RuleLevels;
  readonly fixes?: FixMode;
}

export interface Removal {
  /** Package names that have no owner any more. */
  readonly names: readonly string[];
  /** Numbers of the queued jobs that were cancelled. */
  readonly cancelled: readonly number[];
  /** The open pull request that would have registered the repository; nobody follows it any more. */
  readonly pullRequest: number | undefined;
  /** Numbers of the jobs that are still running. */
  readonly running: readonly number[];
}

/**
 * Changes that people make to repositories and owners. Each method is one transaction that includes its audit entry.
 */
export interface RepositoryRegister {
  /** Adds a repository as pending if it is new or was removed; a known repository stays as it is. */
  add(slug: Slug, by: Actor): Promise<Repository>;
  /** `changes` describes the change in words, for the audit trail. */
  change(
    id: RepositoryId,
    change: RepositoryChange,
    changes: readonly string[],
    by: Actor,
  ): Promise<Repository>;
  /**
   * Hides the repository, frees its package names, cancels its queued jobs and stops following the pull request that
   * registers it.
   */
  remove(id: RepositoryId, by: Actor): Promise<Removal>;
  /** Makes the repository the owner of the package name. Returns the previous owner; undefined if there was none. */
  setOwner(name: string, id: RepositoryId, by: Actor): Promise<Slug | undefined>;
}

export type Relinked =
  | { readonly kind: 'relinked'; readonly hasOtherOwner: boolean }
  /** Another registered repository already has this id. */
  | { readonly kind: 'known'; readonly slug: Slug };

/** How registered repositories are linked to repositories of the git host. Each method is one transaction. */
export interface RepositoryLinks {
  /**
   * Finds a repository by the git host's id, or else by name, and then saves the id. Returns undefined if the
   * repository of this name is linked to another id, because its name was given to another repository.
   */
  findByGitHub(githubId: number, slug: Slug): Promise<Repository | undefined>;
  findGitHubId(id: RepositoryId): Promise<number | undefined>;
  /** Saves the owner's id at the first call. Returns false if a different id was saved before. */
  confirmOwner(id: RepositoryId, ownerId: number): Promise<boolean>;
  /** Returns whether a repository of this name is registered, whatever its id. */
  isNameTaken(slug: Slug): Promise<boolean>;
  /**
   * Links the registered repository to the git host's repository with these ids and records that in the audit trail.
   */
  relink(
    id: RepositoryId,
    now: { readonly githubId: number; readonly ownerId: number },
    by: string,
  ): Promise<Relinked>;
  /**
   * Returns true if the name changed. Another registered repository that has this name is disabled, because its name
   * now belongs to this one.
   */
  rename(id: RepositoryId, slug: Slug): Promise<boolean>;
  /** Returns true if the status changed; the change is recorded in the audit trail. */
  setStatus(id: RepositoryId, status: RepositoryStatus, actor: string): Promise<boolean>;
  /** Returns the commit at which this branch was last seen, however it was noticed. */
  findSeenHead(id: RepositoryId, branch: string): Promise<CommitSha | undefined>;
  /** Returns whether all packages of this commit were requested before, however that was done. */
  wasDispatched(id: RepositoryId, commit: CommitSha): Promise<boolean>;
  saveSeenHead(id: RepositoryId, branch: string, commit: CommitSha): Promise<void>;
}

/** The pull request that adds a dispatcher to a repository or removes it. */
export interface Registration {
  readonly repositoryId: RepositoryId;
  readonly pullRequest: number;
  readonly url: string;
  readonly kind: 'add' | 'remove';
  readonly state: 'open' | 'merged' | 'closed';
  /** The person who asked for the pull request. */
  readonly requestedBy: string;
  /** Our commit at which we merge the pull request as soon as the git host allows it; undefined if people merge it. */
  readonly mergeAt: CommitSha | undefined;
}

/** Holds the newest registration of each repository. Each method is one transaction. */
export interface Registrations {
  find(repositoryId: RepositoryId): Promise<Registration | undefined>;
  listOpen(): Promise<readonly Registration[]>;
  /** Replaces the repository's previous registration. */
  save(registration: Registration): Promise<void>;
  /** Leaves the merge to people from now on. */
  stopMerging(repositoryId: RepositoryId): Promise<void>;
  /** Returns true if the registration was open; of two concurrent callers only one gets true. */
  close(repositoryId: RepositoryId, state: 'merged' | 'closed'): Promise<boolean>;
}

/** Requests that a person still has to confirm; they survive restarts. Each method is one transaction. */
export interface Proposals {
  /** Returns the proposal's id, for use in a custom id. `payload` is plain JSON. */
  add(kind: string, by: Actor, payload: unknown): Promise<number>;
  /**
   * Takes the proposal once; a second caller learns who took it and what became of it. Returns undefined if the
   * proposal is unknown or older than a day.
   */
  take(
    id: number,
    by: Actor,
  ): Promise<
    | { readonly kind: 'taken'; readonly proposal: string; readonly payload: unknown }
    | { readonly kind: 'used'; readonly by: Actor; readonly note: string }
    | undefined
  >;
  /** Saves what became of the proposal, for callers who try to take it again. */
  close(id: number, note: string): Promise<void>;
  /** Reads the proposal without taking it, for pages and selections. */
  find(
    id: number,
  ): Promise<{ readonly proposal: string; readonly payload: unknown; readonly by: Actor } | undefined>;
  /** Replaces the payload of a proposal that has not been taken. */
  update(id: number, payload: unknown): Promise<void>;
}
