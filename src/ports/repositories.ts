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

/** The registered ones; a removed repository is not among them. */
export interface Repositories {
  findBySlug(slug: Slug): Promise<Repository | undefined>;
  /** Removed ones too. */
  find(id: RepositoryId): Promise<Repository | undefined>;
  list(): Promise<readonly Repository[]>;
  /** Adds the unknown ones; known ones, removed ones too, are left as they are. How many were added. */
  addUnknown(entries: readonly RepositoryEntry[]): Promise<number>;
}

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

export interface RepositoryChange {
  readonly branches?: readonly string[];
  readonly scopes?: readonly string[];
  readonly status?: RepositoryStatus;
  readonly mode?: PublishMode;
  readonly rules?: RuleLevels;
  readonly fixes?: FixMode;
}

export interface Removal {
  /** Names that have no owner any more. */
  readonly names: readonly string[];
  /** Queued jobs that were cancelled. */
  readonly cancelled: readonly number[];
  /** The open pull request that would have registered it; it is not followed any more. */
  readonly pullRequest: number | undefined;
  /** Jobs that still run. */
  readonly running: readonly number[];
}

/** What people change about repositories and owners; each method is one transaction with its audit. */
export interface RepositoryRegister {
  /** Pending when it is new or was removed; a known one is left as it is. */
  add(slug: Slug, by: Actor): Promise<Repository>;
  /** `changes` says it in words, for the audit. */
  change(
    id: RepositoryId,
    change: RepositoryChange,
    changes: readonly string[],
    by: Actor,
  ): Promise<Repository>;
  /** Hides it, gives its names back, cancels its queued jobs, and lets go of the pull request that registers it. */
  remove(id: RepositoryId, by: Actor): Promise<Removal>;
  /** Whoever owned it before; undefined when nobody did. */
  setOwner(name: string, id: RepositoryId, by: Actor): Promise<Slug | undefined>;
}

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

/** The pull request that brings a repository its dispatcher, or takes it away. */
export interface Registration {
  readonly repositoryId: RepositoryId;
  readonly pullRequest: number;
  readonly url: string;
  readonly kind: 'add' | 'remove';
  readonly state: 'open' | 'merged' | 'closed';
  /** Who asked for it. */
  readonly requestedBy: string;
  /** Our commit, when the pull request is to be merged as soon as the git host allows it. */
  readonly mergeAt: CommitSha | undefined;
}

/** At most one of a repository: the newest. Each method is one transaction. */
export interface Registrations {
  find(repositoryId: RepositoryId): Promise<Registration | undefined>;
  listOpen(): Promise<readonly Registration[]>;
  /** Replaces the one before. */
  save(registration: Registration): Promise<void>;
  /** From now on only people merge it. */
  stopMerging(repositoryId: RepositoryId): Promise<void>;
  /** True when it was open: of two who close it one wins. */
  close(repositoryId: RepositoryId, state: 'merged' | 'closed'): Promise<boolean>;
}

/** Something a person still has to confirm; survives restarts. Each method is one transaction. */
export interface Proposals {
  /** Its id, for a custom id. `payload` is plain JSON. */
  add(kind: string, by: Actor, payload: unknown): Promise<number>;
  /** Takes it once: the second taker gets how it was used. Older than a day: undefined. */
  take(
    id: number,
    by: Actor,
  ): Promise<
    | { readonly kind: 'taken'; readonly proposal: string; readonly payload: unknown }
    | { readonly kind: 'used'; readonly by: Actor; readonly note: string }
    | undefined
  >;
  /** What became of it, for the second taker. */
  close(id: number, note: string): Promise<void>;
  /** Without taking it (pages, selections). */
  find(
    id: number,
  ): Promise<{ readonly proposal: string; readonly payload: unknown; readonly by: Actor } | undefined>;
  /** Replaces the payload of one that is not taken. */
  update(id: number, payload: unknown): Promise<void>;
}
