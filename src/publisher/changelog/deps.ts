import type { PublishLedger } from '../../ports/catalog.ts';
import type { ChangelogEntries } from '../../ports/changelogs.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CommitHistory, LfsObjects, RepositorySource } from '../../ports/git.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Workspace } from '../../ports/packing.ts';
import type { ChangelogWording } from '../../ports/wording.ts';

/** Dependencies for making the changelogs of a dispatch. */
export interface ChangelogDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly source: Pick<RepositorySource, 'readBlobs' | 'eachBlob'>;
  readonly history: CommitHistory;
  readonly ledger: Pick<PublishLedger, 'listIntents'>;
  readonly entries: Pick<ChangelogEntries, 'listOf'>;
  readonly lfs: LfsObjects;
  readonly workspace: Pick<Workspace, 'createFolder'>;
  readonly words: ChangelogWords;
}

export interface ChangelogWords {
  /** Undefined without a key; then everything is worded by rule. */
  readonly wording: ChangelogWording | undefined;
  /** How long a dispatch waits for all its requests together, in milliseconds, from CHANGELOG_BUDGET_SECONDS. */
  readonly budgetMs: number;
  /** GITHUB_SERVER_URL, without a trailing slash; the references of entries lead there. */
  readonly gitServerUrl: string;
  readonly redact: (text: string) => string;
}
