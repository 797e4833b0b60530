import type { CommitSha, Slug } from '../domain/repository.ts';

export interface RemoteHeads {
  /** Undefined for an empty repository. */
  readonly defaultBranch: string | undefined;
  /** By branch: the default one, and those that were asked for. */
  readonly heads: ReadonlyMap<string, CommitSha>;
}

/** Where branches stand on the git host right now; nothing is fetched. */
export interface RemoteBranches {
  /** `patterns` besides the default branch. Throws like a RepositorySource. */
  listHeads(slug: Slug, patterns: readonly string[], signal: AbortSignal): Promise<RemoteHeads>;
}
