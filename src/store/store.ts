import { join } from 'node:path';
import type { Clock } from '../ports/clock.ts';
import { buildAnnouncementsParts } from './announcements/build-announcements.ts';
import { buildAuditParts } from './audit/build-audit.ts';
import { buildCatalogParts } from './catalog/build-catalog.ts';
import { buildChangelogsParts } from './changelogs/build-changelogs.ts';
import { buildBackups } from './engine/backups.ts';
import { lockFolder, openDatabase } from './engine/connection.ts';
import type { StoreContext } from './engine/context.ts';
import { buildStoredTimes } from './engine/stored-times.ts';
import { buildGitHubParts } from './github/build-github.ts';
import { buildJobsParts } from './jobs/build-jobs.ts';
import { buildStageLog, type StageLog } from './jobs/stage-log.ts';
import { buildJudgementsParts } from './judgements/build-judgements.ts';
import { buildMemoryParts } from './memory/build-memory.ts';
import { buildPreflightParts } from './preflight/build-preflight.ts';
import { buildRepositoriesParts } from './repositories/build-repositories.ts';
import { buildScheduleParts } from './schedule/build-schedule.ts';
import { buildShadowParts } from './shadow/build-shadow.ts';

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

/** The database, as the ports see it: whatever the folders build. */
export type Store = Readonly<Awaited<ReturnType<typeof openStore>>>;

/**
 * Throws StoreLockedError when another process holds the folder, StoreDamagedError when the database is not sound,
 * BackupFailedError when it cannot be backed up before it is migrated.
 */
export async function openStore(options: StoreOptions) {
  const { folder, registry, clock, redact } = options;
  const lock = lockFolder(folder);
  try {
    const file = join(folder, 'publisher.db');
    const backupFolder = options.backupFolder ?? join(folder, 'backups');
    const backups = buildBackups({ database: file, folder: backupFolder, clock });
    const { db, relaxed, sqlite, troubles } = await openDatabase({ file, backupFolder, backups });
    const context: StoreContext = { db, relaxed, registry, clock, redact };
    const last = sqlite.prepare('select coalesce(max(id), 0) from stage_log').pluck().get() as number;
    const stages = buildStageLog(context, last + 1);
    const fingerprintKey = sqlite.prepare('select secret from fingerprint_key').pluck().get() as string;
    return {
      ...buildParts(context, stages),
      backups,
      /** Makes fingerprints of secrets; random, the same for the life of the database. */
      fingerprintKey,
      /**
       * Calls with every error of the database from now on: it may be about more than the query. After a
       * StoreDamagedError nothing is read or written any more. The listener must not throw.
       */
      onTrouble: (listener: (error: unknown) => void): void => troubles.listen(listener),
      /** Writes what is in memory and lets go of the lock. */
      close: async (): Promise<void> => {
        // Times of stages are worth less than an end: the disk may be full, or the database damaged.
        const flushed = db.transaction().execute(async (trx) => stages.flush(trx));
        await flushed.catch(() => undefined);
        await relaxed.destroy();
        await db.destroy();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function buildParts(context: StoreContext, stages: StageLog) {
  return {
    ...buildAnnouncementsParts(context),
    ...buildAuditParts(context),
    ...buildCatalogParts(context),
    ...buildChangelogsParts(context),
    ...buildGitHubParts(context),
    ...buildJobsParts(context, stages),
    ...buildJudgementsParts(context),
    ...buildMemoryParts(context),
    ...buildPreflightParts(context),
    ...buildRepositoriesParts(context),
    ...buildScheduleParts(context),
    ...buildShadowParts(context),
    times: buildStoredTimes(context, stages),
  };
}
