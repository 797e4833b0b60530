import type { CommitSha, RepositoryId } from '../domain/repository.ts';

/** The pull request that repairs one package as it is in one commit. */
export interface FixProposal {
  readonly repositoryId: RepositoryId;
  readonly name: string;
  readonly commit: CommitSha;
  readonly pullRequest: number;
  readonly url: string;
  /** Who asked for it. */
  readonly requestedBy: string;
}

/** At most one of a package and commit, for ever. Each method is one transaction. */
export interface FixProposals {
  find(repositoryId: RepositoryId, name: string, commit: CommitSha): Promise<FixProposal | undefined>;
  /** Keeps one that is there. Audited; the message of the failed job shows it then. */
  save(proposal: FixProposal, job: number): Promise<void>;
}
