import { mkdtemp, open as openFile, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/adapters/system/system-clock.ts';
import { openStore, type Store, StoreDamagedError } from '../../../src/store/store.ts';

const never = new AbortController().signal;
let folder: string;
let database: string;
let lock: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'store-damage-'));
  [database, lock] = [join(folder, 'publisher.db'), join(folder, 'publisher.lock')];
});
afterEach(async () => rm(folder, { recursive: true }));

async function open(): Promise<Store> {
  const registry = 'https://npm.studio.test/';
  return openStore({ folder, registry, clock: systemClock, redact: (text) => text });
}

/** Spoils everything behind the first page. Another connection's write makes the store read the file again. */
async function spoil(): Promise<void> {
  const other = new Sqlite(database);
  other.exec("insert or replace into bot_memory values ('other', 'x')");
  other.pragma('wal_checkpoint(truncate)');
  const handle = await openFile(database, 'r+');
  const { size } = await handle.stat();
  await handle.write(Buffer.alloc(size - 4096, 0x5a), 0, size - 4096, 4096);
  await handle.close();
  other.close();
}

describe('opening a database', () => {
  it('leaves one of another program alone', async () => {
    const theirs = new Sqlite(database);
    theirs.exec('create table accounts (name text)');
    theirs.close();
    const before = await readFile(database);
    await expect(open()).rejects.toThrow(/another program.*DATA_DIR/);
    expect((await readFile(database)).equals(before)).toBe(true);
  });

  it('accepts an empty file as a new database, but not beside backups of one', async () => {
    await writeFile(database, '');
    const store = await open();
    const { file } = await store.backups.make(never);
    await store.close();
    await writeFile(database, '');
    await expect(open()).rejects.toThrow(`npm run restore -- --from ${file}`);
    expect(await readFile(database)).toHaveLength(0);
  });

  it('says what to do about a lock file that is damaged', async () => {
    await writeFile(lock, 'noise '.repeat(1_000));
    await expect(open()).rejects.toThrow(/publisher\.lock.*remove it and start again/);
    await rm(lock);
    await (await open()).close();
  });
});

describe('a database that turns out to be damaged', () => {
  it('is not asked again, and the listener is called once, with how to recover', async () => {
    const store = await open();
    const { file } = await store.backups.make(never);
    const told: unknown[] = [];
    store.onTrouble((error) => told.push(error));
    await spoil();
    await expect(store.jobLog.findReport('anything')).rejects.toMatchObject({ code: 'SQLITE_CORRUPT' });
    await expect(store.keeper.countDepth()).rejects.toThrow(StoreDamagedError);
    await expect(store.botMemory.remember('a', 'b')).rejects.toThrow(StoreDamagedError);
    expect(told).toEqual([expect.any(StoreDamagedError)]);
    expect(String(told[0])).toContain(`npm run restore -- --from ${file}`);
    await store.close();
    await expect(open()).rejects.toThrow(StoreDamagedError);
  });
});
