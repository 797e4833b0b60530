import { execFileSync } from 'node:child_process';
import { readdirSync, statSync, truncateSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildAuditArchive } from '../../src/adapters/system/audit-archive.ts';
import { buildDataVolume } from '../../src/adapters/system/data-volume.ts';
import { systemClock } from '../../src/adapters/system/system-clock.ts';
import { findDiskOutage } from '../../src/publisher/pacing/disk-outage.ts';
import { migrations } from '../../src/store/engine/migrations/index.ts';
import { BackupFailedError, openStore, type Store, StoreDamagedError } from '../../src/store/store.ts';
import { mountVolume, type SmallVolume } from './small-volume.ts';

const never = new AbortController().signal;
const noise = (bytes: number): string =>
  Array.from({ length: bytes / 36 }, () => crypto.randomUUID()).join('');

let root: string;
let folder: string;
let volume: SmallVolume | string;

beforeEach(async ({ skip }) => {
  root = await mkdtemp(join(tmpdir(), 'full-disk-files-'));
  folder = join(root, 'data');
  volume = await mountVolume(folder, 8);
  if (typeof volume === 'string') skip(volume);
});
afterEach(async () => {
  if (typeof volume !== 'string') await volume.unmount();
  await rm(root, { recursive: true });
});

function fill(): void {
  if (typeof volume !== 'string') volume.fill();
}

async function free(): Promise<void> {
  if (typeof volume !== 'string') await volume.free();
}

async function open(backupFolder = join(folder, 'backups')): Promise<Store> {
  const registry = 'https://npm.studio.test/';
  return openStore({ folder, backupFolder, registry, clock: systemClock, redact: (text) => text });
}

async function caught(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** Makes a database as an older version of the program leaves it. */
function makeOld(): string {
  const newest = migrations.at(-1)?.name ?? '';
  const sqlite = new Sqlite(join(folder, 'publisher.db'));
  sqlite.pragma('journal_mode = WAL');
  sqlite.exec('create table migrations (name text primary key, applied_at integer not null) strict');
  for (const { name, sql } of migrations.slice(0, -1)) {
    sqlite.exec(sql);
    sqlite.prepare('insert into migrations values (?, 0)').run(name);
  }
  sqlite.close();
  return newest;
}

function listApplied(): readonly unknown[] {
  const sqlite = new Sqlite(join(folder, 'publisher.db'), { readonly: true });
  const names = sqlite.prepare('select name from migrations').pluck().all();
  sqlite.close();
  return names;
}

describe('without room on the disk', () => {
  it('a backup fails, leaves nothing behind, and is made once there is room', async () => {
    const store = await open();
    const { file } = await store.backups.make(never);
    const before = await readFile(file);
    fill();
    expect(await caught(store.backups.make(never))).toBeInstanceOf(Error);
    expect(readdirSync(join(folder, 'backups'))).toHaveLength(1);
    expect((await readFile(file)).equals(before)).toBe(true);
    await free();
    await store.backups.make(never);
    expect(await store.backups.list()).toHaveLength(2);
    await store.close();
  });

  it('an archive of the audit trail does not exist, not even half of it', async () => {
    const archive = buildAuditArchive(join(folder, 'audit'));
    async function* lines(): AsyncGenerator<string> {
      for (let line = 0; line < 400; line++) yield `${noise(72_000)}\n`;
    }
    expect(await caught(archive.save('a.jsonl.gz', lines()))).toMatchObject({ code: 'ENOSPC' });
    expect(readdirSync(join(folder, 'audit'))).toEqual([]);
    async function* few(): AsyncGenerator<string> {
      yield 'one\n';
      yield 'two\n';
    }
    expect(await archive.save('a.jsonl.gz', few())).toBe(2);
  });

  it('a database is not migrated without its backup, and is migrated by the next start with room', async () => {
    const newest = makeOld();
    fill();
    // Opening the database takes some room, but much less than a copy.
    const ballast = join(folder, 'ballast');
    truncateSync(ballast, statSync(ballast).size - 131_072);
    expect(await caught(open())).toBeInstanceOf(BackupFailedError);
    expect(readdirSync(join(folder, 'backups'))).toEqual([]);
    expect(listApplied()).not.toContain(newest);
    await free();
    await (await open()).close();
    expect(listApplied()).toContain(newest);
  });

  it('a migration whose backup lies elsewhere changes nothing, and says what to do', async () => {
    const newest = makeOld();
    fill();
    const refused = await caught(open(join(root, 'backups')));
    expect(refused).toBeInstanceOf(StoreDamagedError);
    expect(String(refused)).toMatch(/SQLITE_FULL.*Free space on its volume/);
    await free();
    expect(listApplied()).not.toContain(newest);
    await (await open(join(root, 'backups'))).close();
    expect(listApplied()).toContain(newest);
  });
});

describe('a volume that is mounted read-only', () => {
  function remount(how: 'ro' | 'rw'): void {
    execFileSync('mount', ['-o', `remount,${how}`, folder]);
  }

  it('is refused at the start with what to do, and its database is unchanged', async () => {
    await (await open()).close();
    const before = await readFile(join(folder, 'publisher.db'));
    remount('ro');
    const refused = await caught(open());
    expect(refused).toBeInstanceOf(StoreDamagedError);
    expect(String(refused)).toContain('mounted for writing');
    expect((await readFile(join(folder, 'publisher.db'))).equals(before)).toBe(true);
    remount('rw');
    await (await open()).close();
  });

  it('is an outage of the disk until it is mounted for writing', async () => {
    const disk = buildDataVolume({ folder });
    remount('ro');
    const error = await caught(disk.check());
    expect(error).toMatchObject({ name: 'DiskTrouble', fault: 'read-only', cause: { code: 'EROFS' } });
    expect(await findDiskOutage(disk, error)).toMatchObject({ detail: 'it is mounted read-only' });
    remount('rw');
    await disk.check();
    expect(await findDiskOutage(disk, error)).toBeUndefined();
  });
});
