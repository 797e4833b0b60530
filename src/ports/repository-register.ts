import type { Actor } from '../domain/actor.ts';
import type { RuleLevels } from '../domain/finding.ts';
import type {
  FixMode,
  PublishMode,
  Repository,
  RepositoryId,
  RepositoryStatus,
  Slug,
} from '../domain/repository.ts';

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
