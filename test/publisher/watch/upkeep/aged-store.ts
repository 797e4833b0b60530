import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import Sqlite from 'better-sqlite3';
import {
  type ArchiveDisk,
  buildAuditArchive,
  localDisk,
} from '../../../../src/adapters/system/audit-archive.ts';
import type { AuditRetention } from '../../../../src/ports/audit.ts';
import type { Clock } from '../../../../src/ports/clock.ts';
import { retainAudit } from '../../../../src/publisher/watch/upkeep/audit-retention.ts';
import type { Store } from '../../../../src/store/store.ts';
import { openTestStore } from '../../../store/test-store.ts';

export const dayMs = 86_400_000;
export const now = Date.UTC(2027, 5, 1, 1);
export const retentionDays = 90;
export const cutoff = now - retentionDays * dayMs;
export const clock: Clock = { now: () => now, monotonic: () => now, sleep: async () => undefined };

export async function openIn(folder: string): Promise<Store> {
  return openTestStore(folder, { clock });
}

/** Runs retention in this folder as the scheduled job does; `laterMs` after its time. */
export async function retainIn(
  folder: string,
  retention: AuditRetention,
  { disk = localDisk, laterMs = 0 }: { readonly disk?: ArchiveDisk; readonly laterMs?: number } = {},
): ReturnType<typeof retainAudit> {
  const archive = buildAuditArchive(join(folder, 'audit'), disk);
  const later = { ...clock, now: () => now + laterMs };
  const never = new AbortController().signal;
  return retainAudit({ clock: later, retention, archive, retentionDays }, never);
}

/** Adds rows written at these times, in this order; the store must be closed, or not in a transaction. */
export function addAuditRows(folder: string, times: readonly number[]): void {
  const raw = new Sqlite(join(folder, 'publisher.db'));
  const insert = raw.prepare(
    "insert into audit (at, action, actor, subject, facts) values (?, 'test', 'me', 'it', ?)",
  );
  raw.transaction(() => {
    for (const [index, at] of times.entries()) insert.run(at, JSON.stringify({ index }));
  })();
  raw.close();
}

export function listAuditTimes(folder: string): readonly number[] {
  const raw = new Sqlite(join(folder, 'publisher.db'), { readonly: true });
  const times = raw.prepare('select at from audit order by id').pluck().all() as number[];
  raw.close();
  return times;
}

export interface ArchivedRow {
  readonly id: number;
  readonly time: string;
  readonly facts: unknown;
}

/** Returns every row of every archive, in the order of the files' names. */
export async function readArchives(folder: string): Promise<readonly ArchivedRow[]> {
  const files = await readdir(join(folder, 'audit')).catch(() => []);
  const rows: ArchivedRow[] = [];
  for (const file of files.filter((name) => name.endsWith('.jsonl.gz')).toSorted()) {
    const text = gunzipSync(await readFile(join(folder, 'audit', file))).toString();
    for (const line of text.trimEnd().split('\n')) rows.push(JSON.parse(line) as ArchivedRow);
  }
  return rows;
}
