import { join } from 'node:path';
import type { Outbox, ThreadMessages } from '../ports/announcements.ts';
import type { AuditLog, AuditPages, AuditRetention } from '../ports/audit.ts';
import type { Catalog, PackumentCache, PublishLedger } from '../ports/catalog.ts';
import type { ChangelogEntries, WriteBacks } from '../ports/changelogs.ts';
import type { Clock } from '../ports/clock.ts';
import type { CheckRequests, Inbox, OwnBranches } from '../ports/github.ts';
import type { JobHistory, JobKeeper, JobQueue, JobRetries, StaleJobs, Statistics } from '../ports/jobs.ts';
import type { Holds, JobLog, JudgedCommits, LookMarks } from '../ports/judgements.ts';
import type { BotMemory, StoredTimes, Suggestions, UsedTokens } from '../ports/memory.ts';
import type { FixProposals, GuidIndex, PreflightExceptions } from '../ports/preflight.ts';
import type {
  Proposals,
  Registrations,
  Repositories,
  RepositoryLinks,
  RepositoryRegister,
} from '../ports/repositories.ts';
import type { JobFindings, ScheduledRuns } from '../ports/schedule.ts';
import type { ShadowComparisons, ShadowTrial } from '../ports/shadow.ts';
import type { DatabaseBackups } from '../ports/system.ts';
import { buildOutbox } from './announcements/outbox.ts';
import { buildThreadMessages } from './announcements/thread-messages.ts';
import { buildAudit } from './audit/audit.ts';
import { buildAuditPages } from './audit/audit-pages.ts';
import { buildAuditRetention } from './audit/audit-retention.ts';
import { buildCatalog } from './catalog/catalog.ts';
import { buildLedger } from './catalog/ledger.ts';
import { buildPackuments } from './catalog/packuments.ts';
import { buildChangelogEntries } from './changelogs/changelogs.ts';
import { buildWriteBacks } from './changelogs/write-backs.ts';
import { buildBackups } from './engine/backups.ts';
import { lockFolder, openDatabase } from './engine/connection.ts';
import type { StoreContext } from './engine/context.ts';
import { buildStoredTimes } from './engine/stored-times.ts';
import { buildCheckRequests } from './github/check-requests.ts';
import { buildInbox } from './github/inbox.ts';
import { buildOwnBranches } from './github/own-branches.ts';
import { buildJobHistory } from './jobs/job-history.ts';
import { buildJobLog } from './jobs/job-log.ts';
import { buildKeeper } from './jobs/keeper.ts';
import { buildQueue } from './jobs/queue.ts';
import { buildRetries } from './jobs/retries.ts';
import { buildStageLog } from './jobs/stage-log.ts';
import { buildStaleJobs } from './jobs/stale-jobs.ts';
import { buildStatistics } from './jobs/statistics.ts';
import { buildHolds } from './judgements/holds/holds.ts';
import { buildJudged } from './judgements/judged.ts';
import { buildLookMarks } from './judgements/look-marks.ts';
import { buildBotMemory } from './memory/bot-memory.ts';
import { buildSuggestions } from './memory/suggestions.ts';
import { buildUpkeep, type UpkeepStore } from './memory/upkeep-store.ts';
import { buildUsedTokens } from './memory/used-tokens.ts';
import { buildFixProposals } from './preflight/fix-proposals.ts';
import { buildGuidIndex } from './preflight/guid-index.ts';
import { buildPreflightExceptions } from './preflight/preflight-exceptions.ts';
import { buildProposals } from './repositories/proposals.ts';
import { buildRegister } from './repositories/register.ts';
import { buildRegistrations } from './repositories/registrations.ts';
import { buildRepositories } from './repositories/repositories.ts';
import { buildRepositoryLinks } from './repositories/repository-links.ts';
import { buildFindings } from './schedule/job-findings.ts';
import { buildScheduledRuns } from './schedule/scheduled-runs.ts';
import { buildShadowComparisons } from './shadow/shadow-comparisons.ts';
import { buildShadowTrial } from './shadow/shadow-trial.ts';

export { BackupFailedError, StoreDamagedError, StoreLockedError } from './engine/connection.ts';

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
  readonly findings: JobFindings;
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
