import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseBackup } from '../../ports/system.ts';

const namePattern = /^publisher-\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}-\d{3}Z\.db$/;
/** Suffix of a copy that is still being written; the next backup removes what a killed process left. */
export const unfinished = '.unfinished';

/** Names a backup so that sorting by name sorts by time. */
export function nameBackup(epochMs: number): string {
  return `publisher-${stampOf(epochMs)}.db`;
}

/** Returns the epoch milliseconds in a backup’s name, which stay right when the file is copied. */
export function timeOfBackup(file: string): number {
  const [, day = '', h = '', m = '', s = '', ms = ''] =
    /publisher-(\d{4}-\d{2}-\d{2})T(\d{2})-(\d{2})-(\d{2})-(\d{3})Z\.db$/.exec(file) ?? [];
  return Date.parse(`${day}T${h}:${m}:${s}.${ms}Z`);
}

export function stampOf(epochMs: number): string {
  return new Date(epochMs).toISOString().replaceAll(/[:.]/g, '-');
}

/**
 * Lists backups newest first; those named by a clock that was ahead come last, because their times mean nothing. Empty
 * when the folder cannot be read.
 */
export function listBackups(folder: string, nowMs: number): readonly DatabaseBackup[] {
  try {
    const now = nameBackup(nowMs);
    const names = readdirSync(folder)
      .filter((name) => namePattern.test(name))
      .toSorted()
      .toReversed();
    return [...names.filter((name) => name <= now), ...names.filter((name) => name > now)].map((name) => ({
      file: join(folder, name),
      bytes: statSync(join(folder, name)).size,
    }));
  } catch {
    return [];
  }
}
