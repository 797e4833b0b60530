import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Slug } from '../../../src/domain/repository/repository.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { backUp } from '../../../src/publisher/watch/upkeep/back-up.ts';
import { migrations } from '../../../src/store/engine/migrations/index.ts';
import { BackupUnusableError, restoreDatabase } from '../../../src/store/engine/restore.ts';
import {
  BackupFailedError,
  type Store,
  StoreDamagedError,
  StoreLockedError,
} from '../../../src/store/store.ts';
import { countRows, damage } from '../database-file.ts';
import { openTestStore } from '../test-store.ts';

const never = new AbortController().signal;
let folder: string;
let backupFolder: string;
let store: Store | undefined;
let now: number;
const clock: Clock = { now: () => now, monotonic: () => now, sleep: async () => undefined };

beforeEach(async () => {
  now = Date.UTC(2026, 0, 2, 3, 4, 5, 6);
  folder = await mkdtemp(join(tmpdir(), 'backups-'));
  backupFolder = join(folder, 'backups');
});
afterEach(async () => {
  await store?.close();
  store = undefined;
  await rm(folder, { recursive: true });
});

async function open(): Promise<Store> {
  store = await openTestStore(folder, { clock });
  return store;
}

async function close(): Promise<void> {
  await store?.close();
  store = undefined;
}

async function fill(): Promise<Store> {
  const opened = await open();
  await opened.repositories.addUnknown([{ slug: 'studio/one' as Slug, status: 'active' }]);
  for (let index = 0; index < 200; index++) await note(opened, index);
  return opened;
}

async function note(to: Store, index: number): Promise<void> {
  const facts = { text: 'x'.repeat(4_000) };
  await to.audit.append({ action: 'test', actor: 'me', subject: `row ${index}`, facts });
}

const countAudit = (file: string): unknown => countRows(file, "audit where action = 'test'");

describe('a backup of the database', () => {
  it('is one sound file of all that was committed, readable only by us, made while others write', async () => {
    const opened = await fill();
    const done = new AbortController();
    const making = opened.backups.make(never).finally(() => done.abort());
    let rows = 200;
    for (; !done.signal.aborted; rows++) {
      await note(opened, rows);
      await setImmediate();
    }
    const made = await making;
    expect(basename(made.file)).toBe('publisher-2026-01-02T03-04-05-006Z.db');
    expect(await readdir(backupFolder)).toEqual([basename(made.file)]);
    expect([(await stat(made.file)).size, (await stat(made.file)).mode & 0o777]).toEqual([made.bytes, 0o600]);
    expect(rows).toBeGreaterThan(201);
    expect(countAudit(made.file)).toBeGreaterThanOrEqual(200);
    expect(countAudit(join(folder, 'publisher.db'))).toBe(rows);
    expect(await opened.backups.list()).toEqual([{ file: made.file, bytes: made.bytes }]);
  });

  it('is kept among the newest ones, and other files in its folder stay', async () => {
    const opened = await fill();
    await mkdir(backupFolder);
    await writeFile(join(backupFolder, 'publisher-of-2025.db'), 'mine');
    const removed: number[] = [];
    for (let day = 0; day < 4; day++) {
      now += 86_400_000;
      removed.push((await backUp({ backups: opened.backups, backupsKept: 2 }, never)).removed);
    }
    expect(removed).toEqual([0, 0, 1, 1]);
    expect(await readdir(backupFolder)).toEqual([
      'publisher-2026-01-05T03-04-05-006Z.db',
      'publisher-2026-01-06T03-04-05-006Z.db',
      'publisher-of-2025.db',
    ]);
  });

  it('made by a clock that was years ahead neither counts as the newest nor displaces a newer one', async () => {
    store = await open();
    const at = now;
    now = Date.UTC(2036, 0, 1);
    const ahead = (await backUp({ backups: store.backups, backupsKept: 3 }, never)).made;
    const made: string[] = [];
    for (let day = 1; day <= 3; day++) {
      now = at + day * 24 * 3_600_000;
      made.push((await backUp({ backups: store.backups, backupsKept: 3 }, never)).made.file);
    }
    expect((await store.backups.list()).map(({ file }) => file)).toEqual(made.toReversed());
    expect(made).not.toContain(ahead.file);
  });

  it('has no name until it is complete: what a killed process left does not count, and the next backup removes it', async () => {
    const opened = await fill();
    await mkdir(backupFolder);
    for (const ending of ['', '-journal']) {
      await writeFile(
        join(backupFolder, `publisher-2026-01-01T00-00-00-000Z.db.unfinished${ending}`),
        'half',
      );
    }
    expect(await opened.backups.list()).toEqual([]);
    await expect(opened.backups.make(AbortSignal.abort(new Error('stopping')))).rejects.toThrow('stopping');
    expect(await readdir(backupFolder)).toEqual([]);
    await opened.backups.make(never);
    expect(await readdir(backupFolder)).toHaveLength(1);
  });

  it('that cannot be made removes no older one', async () => {
    const opened = await fill();
    const { file } = await opened.backups.make(never);
    const failing = { ...opened.backups, make: async () => Promise.reject(new Error('no space left')) };
    await expect(backUp({ backups: failing, backupsKept: 0 }, never)).rejects.toThrow('no space left');
    expect((await opened.backups.list()).map((item) => item.file)).toEqual([file]);
  });
});

describe('migrating the database', () => {
  async function makeOld(): Promise<void> {
    const sqlite = new Sqlite(join(folder, 'publisher.db'));
    sqlite.exec('create table migrations (name text primary key, applied_at integer not null) strict');
    const [first] = migrations;
    sqlite.exec(first?.sql ?? '');
    sqlite.prepare('insert into migrations values (?, 1)').run(first?.name);
    sqlite.close();
  }

  const countMigrations = (file: string): unknown => countRows(file, 'migrations');

  it('makes a backup first; an empty database and an up-to-date one need none', async () => {
    await makeOld();
    await open();
    const [made] = (await store?.backups.list()) ?? [];
    expect(countMigrations(made?.file ?? '')).toBe(1);
    expect(countMigrations(join(folder, 'publisher.db'))).toBe(migrations.length);
    await close();
    await open();
    expect(await store?.backups.list()).toHaveLength(1);
  });

  it('does not begin without a backup', async () => {
    await makeOld();
    await writeFile(backupFolder, 'a file in the way');
    await expect(open()).rejects.toThrow(BackupFailedError);
    expect(countMigrations(join(folder, 'publisher.db'))).toBe(1);
  });
});

describe('a database that cannot be used', () => {
  it('is refused with the newest backup and how to restore it', async () => {
    const opened = await fill();
    await opened.backups.make(never);
    now += 1000;
    const { file } = await opened.backups.make(never);
    await close();
    await damage(join(folder, 'publisher.db'));
    const refused = open();
    await expect(refused).rejects.toThrow(StoreDamagedError);
    await expect(refused).rejects.toThrow(`npm run restore -- --from ${file}`);
  });

  it('is refused with what to repair when it cannot be written', async () => {
    await mkdir(join(folder, 'publisher.db'));
    const refused = open();
    await expect(refused).rejects.toThrow(StoreDamagedError);
    await expect(refused).rejects.toThrow(/cannot be written .* mounted for writing/);
  });
});

describe('restoring a backup', () => {
  it('puts it in place and keeps the damaged file, without mixing in later writes', async () => {
    const opened = await fill();
    const { file } = await opened.backups.make(never);
    await note(opened, 200);
    await close();
    await damage(join(folder, 'publisher.db'));
    const bytes = await readFile(join(folder, 'publisher.db'));
    await writeFile(join(folder, 'publisher.db-wal'), 'a log that belongs to the damaged one');
    const { keptIn = '' } = await restoreDatabase({ folder, from: file, clock });
    expect((await readFile(join(keptIn, 'publisher.db'))).equals(bytes)).toBe(true);
    expect((await readdir(keptIn)).toSorted()).toEqual(['publisher.db', 'publisher.db-wal']);
    const again = await open();
    expect((await again.repositories.list()).map(({ slug }) => slug)).toEqual(['studio/one']);
    expect(countAudit(join(folder, 'publisher.db'))).toBe(200);
    expect(await again.backups.list()).toHaveLength(1);
  });

  it('can be repeated after it was killed, and works without an old database', async () => {
    const opened = await fill();
    const { file } = await opened.backups.make(never);
    await close();
    await writeFile(join(folder, 'publisher.db.restoring'), 'half');
    await rm(join(folder, 'publisher.db'));
    expect(await restoreDatabase({ folder, from: file, clock })).toEqual({ keptIn: undefined });
    expect((await (await open()).repositories.list()).length).toBe(1);
    expect((await readdir(folder)).filter((name) => /restoring|replaced/.test(name))).toEqual([]);
  });

  it('is refused while a process uses the data', async () => {
    const opened = await fill();
    const { file } = await opened.backups.make(never);
    await expect(restoreDatabase({ folder, from: file, clock })).rejects.toThrow(StoreLockedError);
  });

  it('changes nothing when the file is no sound backup', async () => {
    const opened = await fill();
    const { file } = await opened.backups.make(never);
    await close();
    const strange = join(folder, 'strange.db');
    new Sqlite(strange).exec('create table x (y)').close();
    const newer = join(folder, 'newer.db');
    await writeFile(newer, await readFile(file));
    new Sqlite(newer).exec("insert into migrations values ('9999-tomorrow', 1)").close();
    await damage(file);
    const before = await readFile(join(folder, 'publisher.db'));
    for (const [from, why] of [
      [file, 'damaged'],
      [strange, 'no database of this program'],
      [newer, 'a newer version'],
      [join(folder, 'nothing.db'), 'cannot be copied (ENOENT)'],
    ] as const) {
      const refused = restoreDatabase({ folder, from, clock });
      await expect(refused, why).rejects.toThrow(BackupUnusableError);
      await expect(refused).rejects.toThrow(why);
    }
    expect((await readFile(join(folder, 'publisher.db'))).equals(before)).toBe(true);
    expect((await readdir(folder)).filter((name) => /restoring|replaced/.test(name))).toEqual([]);
  });
});
