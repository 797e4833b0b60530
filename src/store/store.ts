import { join } from 'node:path';
import type { AuditLog } from '../ports/audit-log.ts';
import type { AuditPages } from '../ports/audit-pages.ts';
import type { AuditRetention } from '../ports/audit-retention.ts';
import type { BotMemory } from '../ports/bot-memory.ts';
import type { Catalog } from '../ports/catalog.ts';
import type { ChangelogEntries } from '../ports/changelog-entries.ts';
import type { CheckRequests } from '../ports/check-requests.ts';
import type { Clock } from '../ports/clock.ts';
import type { DatabaseBackups } from '../ports/database-backups.ts';
import type { Findings } from '../ports/findings.ts';
import type { FixProposals } from '../ports/fix-proposals.ts';
import type { GuidIndex } from '../ports/guid-index.ts';
import type { Holds } from '../ports/holds.ts';
import type { Inbox } from '../ports/inbox.ts';
import type { JobHistory } from '../ports/job-history.ts';
import type { JobKeeper } from '../ports/job-keeper.ts';
import type { JobLog } from '../ports/job-log.ts';
import type { JobQueue } from '../ports/job-queue.ts';
import type { JobRetries } from '../ports/job-retries.ts';
import type { JudgedCommits } from '../ports/judged-commits.ts';
import type { LookMarks } from '../ports/look-marks.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { OwnBranches } from '../ports/own-branches.ts';
import type { PackumentCache } from '../ports/packument-cache.ts';
import type { PreflightExceptions } from '../ports/preflight-exceptions.ts';
import type { Proposals } from '../ports/proposals.ts';
import type { PublishLedger } from '../ports/publish-ledger.ts';
import type { Registrations } from '../ports/registrations.ts';
import type { Repositories } from '../ports/repositories.ts';
import type { RepositoryLinks } from '../ports/repository-links.ts';
import type { RepositoryRegister } from '../ports/repository-register.ts';
import type { ScheduledRuns } from '../ports/scheduled-runs.ts';
import type { ShadowComparisons } from '../ports/shadow-comparisons.ts';
import type { ShadowTrial } from '../ports/shadow-trial.ts';
import type { StaleJobs } from '../ports/stale-jobs.ts';
import type { Statistics } from '../ports/statistics.ts';
import type { StoredTimes } from '../ports/stored-times.ts';
import type { Suggestions } from '../ports/suggestions.ts';
import type { ThreadMessages } from '../ports/thread-messages.ts';
import type { UsedTokens } from '../ports/used-tokens.ts';
import type { WriteBacks } from '../ports/write-backs.ts';
import { buildAudit } from './audit.ts';
import { buildAuditPages } from './audit-pages.ts';
import { buildAuditRetention } from './audit-retention.ts';
import { buildBackups } from './backups.ts';
import { buildBotMemory } from './bot-memory.ts';
import { buildCatalog } from './catalog.ts';
import { buildChangelogEntries } from './changelogs.ts';
import { buildCheckRequests } from './check-requests.ts';
import { lockFolder, openDatabase } from './connection.ts';
import type { StoreContext } from './context.ts';
import { buildFindings } from './findings.ts';
import { buildFixProposals } from './fix-proposals.ts';
import { buildGuidIndex } from './guid-index.ts';
import { buildHolds } from './holds/holds.ts';
import { buildInbox } from './inbox.ts';
import { buildJobHistory } from './job-history.ts';
import { buildJobLog } from './job-log.ts';
import { buildJudged } from './judged.ts';
import { buildKeeper } from './keeper.ts';
import { buildLedger } from './ledger.ts';
import { buildLookMarks } from './look-marks.ts';
import { buildOutbox } from './outbox.ts';
import { buildOwnBranches } from './own-branches.ts';
import { buildPackuments } from './packuments.ts';
import { buildPreflightExceptions } from './preflight-exceptions.ts';
import { buildProposals } from './proposals.ts';
import { buildQueue } from './queue.ts';
import { buildRegister } from './register.ts';
import { buildRegistrations } from './registrations.ts';
import { buildRepositories } from './repositories.ts';
import { buildRepositoryLinks } from './repository-links.ts';
import { buildRetries } from './retries.ts';
import { buildScheduledRuns } from './scheduled-runs.ts';
import { buildShadowComparisons } from './shadow-comparisons.ts';
import { buildShadowTrial } from './shadow-trial.ts';
import { buildStageLog } from './stage-log.ts';
import { buildStaleJobs } from './stale-jobs.ts';
import { buildStatistics } from './statistics.ts';
import { buildStoredTimes } from './stored-times.ts';
import { buildSuggestions } from './suggestions.ts';
import { buildThreadMessages } from './thread-messages.ts';
import { buildUpkeep, type UpkeepStore } from './upkeep-store.ts';
import { buildUsedTokens } from './used-tokens.ts';
import { buildWriteBacks } from './write-backs.ts';

export { BackupFailedError, StoreDamagedError, StoreLockedError } from './connection.ts';

export interface StoreOptions {
  /** DATA_DIR; holds `publisher.db` and `publisher.lock`. */
  readonly folder: string;
  /** BACKUP_DIR; `backups` in the folder when left out. */
  readonly backupFolder?: string | undefined;
  /** The registry that owners, intents and cached packuments are kept for. */
  readonly registry: string;
  readonly clock: Clock;
  readonly redact: (text: string) => string;
}

/** The database, as the ports see it. */
export interface Store extends UpkeepStore {
  readonly queue: JobQueue;
  readonly keeper: JobKeeper;
  readonly jobLog: JobLog;
  readonly ledger: PublishLedger;
  readonly judged: JudgedCommits;
  readonly repositories: Repositories;
  readonly audit: AuditLog;
  readonly auditPages: AuditPages;
  readonly auditRetention: AuditRetention;
  readonly outbox: Outbox;
  readonly packuments: PackumentCache;
  readonly threadMessages: ThreadMessages;
  readonly retries: JobRetries;
  readonly register: RepositoryRegister;
  readonly catalog: Catalog;
  readonly history: JobHistory;
  readonly suggestions: Suggestions;
  readonly statistics: Statistics;
  readonly proposals: Proposals;
  readonly exceptions: PreflightExceptions;
  readonly fixProposals: FixProposals;
  readonly checkRequests: CheckRequests;
  readonly botMemory: BotMemory;
  readonly changelogs: ChangelogEntries;
  readonly writeBacks: WriteBacks;
  readonly holds: Holds;
  readonly inbox: Inbox;
  readonly links: RepositoryLinks;
  readonly lookMarks: LookMarks;
  readonly registrations: Registrations;
  readonly ownBranches: OwnBranches;
  readonly usedTokens: UsedTokens;
  /** Makes fingerprints of secrets; random, the same for the life of the database. */
  readonly fingerprintKey: string;
  readonly scheduledRuns: ScheduledRuns;
  readonly staleJobs: StaleJobs;
  readonly findings: Findings;
  readonly trial: ShadowTrial;
  readonly comparisons: ShadowComparisons;
  readonly guidIndex: GuidIndex;
  readonly backups: DatabaseBackups;
  readonly times: StoredTimes;
  /**
   * Calls with every error of the database from now on: it may be about more than the query. After a StoreDamagedError
   * nothing is read or written any more. The listener must not throw.
   */
  onTrouble(listener: (error: unknown) => void): void;
  /** Writes what is in memory and lets go of the lock. */
  close(): Promise<void>;
}

/**
 * Throws StoreLockedError when another process holds the folder, StoreDamagedError when the database is not sound,
 * BackupFailedError when it cannot be backed up before it is migrated.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { folder, registry, clock, redact } = options;
  const lock = lockFolder(folder);
  try {
    const file = join(folder, 'publisher.db');
    const backupFolder = options.backupFolder ?? join(folder, 'backups');
    const backups = buildBackups({ database: file, folder: backupFolder, clock });
    const { db, sqlite, troubles } = await openDatabase({ file, backupFolder, backups });
    const context: StoreContext = { db, registry, clock, redact };
    const last = sqlite.prepare('select coalesce(max(id), 0) from stage_log').pluck().get() as number;
    const stages = buildStageLog(context, last + 1);
    const fingerprintKey = sqlite.prepare('select secret from fingerprint_key').pluck().get() as string;
    return {
      ...buildPorts(context, stages),
      backups,
      fingerprintKey,
      onTrouble: (listener) => troubles.listen(listener),
      close: async () => {
        // Times of stages are worth less than an end: the disk may be full, or the database damaged.
        const flushed = db.transaction().execute(async (trx) => stages.flush(trx));
        await flushed.catch(() => undefined);
        await db.destroy();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function buildPorts(
  context: StoreContext,
  stages: ReturnType<typeof buildStageLog>,
): Omit<Store, 'close' | 'fingerprintKey' | 'backups' | 'onTrouble'> {
  return {
    queue: buildQueue(context),
    keeper: buildKeeper(context),
    jobLog: buildJobLog(context, stages),
    ledger: buildLedger(context),
    judged: buildJudged(context),
    repositories: buildRepositories(context),
    audit: buildAudit(context),
    auditPages: buildAuditPages(context),
    auditRetention: buildAuditRetention(context),
    outbox: buildOutbox(context),
    packuments: buildPackuments(context),
    threadMessages: buildThreadMessages(context),
    retries: buildRetries(context),
    register: buildRegister(context),
    catalog: buildCatalog(context),
    history: buildJobHistory(context),
    suggestions: buildSuggestions(context),
    statistics: buildStatistics(context),
    proposals: buildProposals(context),
    exceptions: buildPreflightExceptions(context),
    fixProposals: buildFixProposals(context),
    checkRequests: buildCheckRequests(context),
    botMemory: buildBotMemory(context),
    changelogs: buildChangelogEntries(context),
    writeBacks: buildWriteBacks(context),
    holds: buildHolds(context),
    inbox: buildInbox(context),
    links: buildRepositoryLinks(context),
    lookMarks: buildLookMarks(context),
    registrations: buildRegistrations(context),
    ownBranches: buildOwnBranches(context),
    usedTokens: buildUsedTokens(context),
    times: buildStoredTimes(context, stages),
    scheduledRuns: buildScheduledRuns(context),
    staleJobs: buildStaleJobs(context),
    findings: buildFindings(context),
    trial: buildShadowTrial(context),
    comparisons: buildShadowComparisons(context),
    ...buildUpkeep(context),
    guidIndex: buildGuidIndex(context),
  };
}
