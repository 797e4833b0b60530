import type { RepositoryId, Slug } from '../../../domain/repository/repository.ts';
import type { PendingEntry, WriteBacks } from '../../../ports/changelogs.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { RepositorySource } from '../../../ports/git.ts';
import type { RepositoryWriter } from '../../../ports/github.ts';
import type { Logger } from '../../../ports/logger.ts';
import type { OwnBranchDeps } from '../../commit/own-branch.ts';

export interface WriteBackDeps extends OwnBranchDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly source: Pick<RepositorySource, 'locate' | 'listTree' | 'readBlobs' | 'eachBlob'> &
    OwnBranchDeps['source'];
  readonly writer: RepositoryWriter;
  readonly writeBacks: WriteBacks;
}

/** Entries of one branch that are written together. */
export interface WriteBackGroup {
  readonly repositoryId: RepositoryId;
  readonly slug: Slug;
  readonly branch: string;
  readonly entries: readonly PendingEntry[];
}
