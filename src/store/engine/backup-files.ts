import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseBackup } from '../../ports/system.ts';

const namePattern = /^publisher-\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}-\d{3}Z\.db$/;
/** Of a copy that has no name yet; what a killed process left is removed by the next one. */
export const unfinished = '.unfinished';

/** Names sort as the times do. */
export function nameBackup(epochMs: number): string {
  return `publisher-${stampOf(epochMs)}.db`;
}

/** Epoch milliseconds, as its name says: copies of the file keep it. */
export function timeOfBackup(file: string): number {
  const [, day = '', h = '', m = '', s = '', ms = ''] =
    /publisher-(\d{4}-\d{2}-\d{2})T(\d{2})-(\d{2})-(\d{2})-(\d{3})Z\.db$/.exec(file) ?? [];
  return Date.parse(`${day}T${h}:${m}:${s}.${ms}Z`);
}

export function stampOf(epochMs: number): string {
  return new Date(epochMs).toISOString().replaceAll(/[:.]/g, '-');
}

/**
 * Newest first, and after them what a clock that was ahead has named: its times say nothing. Empty when the folder cannot
 * be read.
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
