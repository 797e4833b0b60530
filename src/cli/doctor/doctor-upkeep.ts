import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { systemClock } from '../../adapters/system/system-clock.ts';
import { listBackups, timeOfBackup } from '../../store/engine/backup-files.ts';
import { type Check, note, ok, problem } from './doctor-findings.ts';

const hourMs = 3_600_000;
/** The oldest acceptable backup: one missed night is fine, two mean the job does not run. */
const oldestMs = 48 * hourMs;

/** Checks how much would be lost with the database. */
export const checkBackup: Check = async ({ backupDir, dataDir }) => {
  const folder = backupDir ?? join(dataDir, 'backups');
  const now = systemClock.now();
  const remedy = 'Run the job backup (/status, Scheduled jobs…); see “Back up” in docs/operations.md.';
  const [newest] = listBackups(folder, now);
  if (newest === undefined) {
    const database = await stat(join(dataDir, 'publisher.db')).catch(() => undefined);
    if (database === undefined) return [ok('backup', 'nothing to back up yet')];
    const text = `there is none in ${folder}`;
    const isNew = now - database.birthtimeMs < oldestMs;
    return [
      isNew ? note('backup', text, `It is made every night. ${remedy}`) : problem('backup', text, remedy),
    ];
  }
  const hours = Math.floor(Math.max(0, now - timeOfBackup(newest.file)) / hourMs);
  const text = `the newest, ${basename(newest.file)}, is ${hours} h old`;
  return [hours * hourMs >= oldestMs ? problem('backup', text, remedy) : ok('backup', text)];
};

/** Checks the heartbeat without calling it: the receiver would believe that the service is alive. */
export const checkHeartbeat: Check = async (_config, secrets) => {
  if (secrets.heartbeatUrl() !== undefined) return [ok('heartbeat', 'HEARTBEAT_URL is set (not called)')];
  const text = 'HEARTBEAT_URL is not set: nobody outside notices when the process is gone';
  return [
    note('heartbeat', text, 'Nothing to do, or set it; see “Checks and reports” in docs/operations.md.'),
  ];
};
