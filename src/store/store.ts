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
  /** The folder of DATA_DIR; holds `publisher.db` and `publisher.lock`. */
  readonly folder: string;
  /** The folder of BACKUP_DIR; `backups` inside `folder` when left out. */
  readonly backupFolder?: string | undefined;
  /** The registry for which owners, intents and cached packuments are kept. */
  readonly registry: string;
  readonly clock: Clock;
  readonly redact: (text: string) => string;
}

/** Everything that the store’s folders build, as the ports describe it. */
export type Store = Readonly<Awaited<ReturnType<typeof openStore>>>;

/**
 * Opens the store. Throws StoreLockedError when another process holds the folder, StoreDamagedError when the database
 * is not sound, and BackupFailedError when it cannot be backed up before a migration.
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
      /** Key for fingerprints of secrets; random, and the same for the life of the database. */
      fingerprintKey,
      /**
       * Registers a listener for every database error from now on: it may affect more than its query. After a
       * StoreDamagedError nothing is read or written any more. The listener must not throw.
       */
      onTrouble: (listener: (error: unknown) => void): void => troubles.listen(listener),
      /** Writes what is still in memory, closes the database and releases the lock. */
      close: async (): Promise<void> => {
        // Closing matters more than these times of stages: the disk may be full or the database damaged.
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
