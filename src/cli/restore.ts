import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../adapters/system/system-clock.ts';
import type { Config } from '../config/load-config.ts';
import { listBackups } from '../store/engine/backup-files.ts';
import { BackupUnusableError, restoreDatabase } from '../store/engine/restore.ts';
import { StoreDamagedError, StoreLockedError } from '../store/store.ts';
import { fail } from './change-data.ts';
import { exitBadInput, exitConfiguration, exitLocked, type ParsedArguments, runTool } from './run-tool.ts';

const usage = `Puts a backup in the place of the database, while the process is stopped.

  npm run restore -- --from <file>

The backup is checked first and stays where it is; the database that is there is kept beside. Settings: DATA_DIR and
BACKUP_DIR, from the environment or .env.
Exit: 0 restored, 1 the backup cannot be used, 2 bad input, 75 a process works on the same DATA_DIR, 78 bad settings.
`;

const exitUnusable = 1;

/**
 * A problem is printed with the list of existing backups, so it is reported only after the settings name their folder.
 */
type Request = { readonly file: string } | { readonly problem: string };

function parseCommandLine(args: readonly string[]): ParsedArguments<Request> {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { from: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
    });
    if (values.help) return { kind: 'help' };
    const { from = '' } = values;
    const request = from === '' ? { problem: '--from is missing' } : { file: from };
    return { kind: 'request', request };
  } catch (error) {
    const problem = error instanceof Error ? error.message : 'the arguments cannot be read';
    return { kind: 'request', request: { problem } };
  }
}

async function restoreOrList(request: Request, config: Config): Promise<number> {
  const { dataDir, backupDir = join(dataDir, 'backups') } = config;
  if ('file' in request) return restore(dataDir, resolve(request.file));
  process.stderr.write(`${request.problem}\n\n${usage}\n${wordBackups(backupDir)}`);
  return exitBadInput;
}

async function restore(folder: string, from: string): Promise<number> {
  try {
    const { keptIn } = await restoreDatabase({ folder, from, clock: systemClock });
    process.stdout.write(wordRestored(folder, from, keptIn));
    return 0;
  } catch (error) {
    if (error instanceof StoreLockedError) return fail(error.message, exitLocked);
    if (error instanceof StoreDamagedError) return fail(error.message, exitConfiguration);
    if (error instanceof BackupUnusableError) return fail(error.message, exitUnusable);
    throw error;
  }
}

function wordBackups(folder: string): string {
  const backups = listBackups(folder, systemClock.now());
  if (backups.length === 0) return `There is no backup in ${folder}.\n`;
  return ['Backups, newest first:', ...backups.map(({ file }) => `  ${file}`), ''].join('\n');
}

function wordRestored(folder: string, from: string, keptIn: string | undefined): string {
  const kept =
    keptIn === undefined
      ? 'There was no database before.'
      : `The database that was there is kept in ${keptIn}.`;
  return `${join(folder, 'publisher.db')} is now ${from}. ${kept}
Next:
  1. Start the process. What was pushed since is found again, and what the registry holds is recognised and skipped.
  2. Send dispatches since the backup again if they named a commit or a package that is no longer a head.
  3. Look at /status, then remove what was kept.
`;
}

process.exitCode = await runTool({ usage, parse: parseCommandLine, require: 'restore', run: restoreOrList });
