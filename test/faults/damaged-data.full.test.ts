import { open, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { type JobShown, World } from '../../sandbox/world.ts';
import { systemClock } from '../../src/adapters/system/system-clock.ts';
import { buildBackups } from '../../src/store/engine/backups.ts';
import { restore } from '../world/restoring.ts';

const name = 'com.studio.core';
const files = (version: string) => unityPackage(name, version);
/**
 * A dispatch to ask for: the process reads its database from time to time by itself, but a test does not wait for that.
 */
const unknownDispatch = '0'.repeat(32);

let world: World;
let data: string;
let database: string;
let published: JobShown;
let backup: { readonly file: string; readonly content: Buffer };

/** Publishes one version and makes a backup that contains it. */
beforeEach(async () => {
  world = await World.start();
  data = join(world.folder, 'data');
  database = join(data, 'publisher.db');
  published = await world.publish({ files: files('1.0.0') });
  const backups = buildBackups({ database, folder: join(data, 'backups'), clock: systemClock });
  const { file } = await backups.make(new AbortController().signal);
  backup = { file, content: await readFile(file) };
});
afterEach(async () => world.stop());

async function stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
  world.process.kill(signal);
  await world.process.exited;
}

/** Writes noise into a file from an offset on. */
async function spoil(file: string, from: number): Promise<void> {
  const { size } = await stat(file);
  const handle = await open(file, 'r+');
  await handle.write(Buffer.alloc(size - from, 0x5a), 0, size - from, from);
  await handle.close();
}

/**
 * Damages the database like a bad disk under a running process: another connection's write makes the process read the
 * file again.
 */
async function spoilWhileRunning(): Promise<void> {
  const other = new Sqlite(database, { timeout: 5_000 });
  other.exec("insert or replace into bot_memory values ('other', 'x')");
  other.pragma('wal_checkpoint(truncate)');
  await spoil(database, 4_096);
  other.close();
}

async function failToStart(): Promise<string> {
  return world.startProcess().then(
    () => 'it started',
    (error: unknown) => String(error),
  );
}

/** Restores the unchanged backup and checks that everything works and nothing is published a second time. */
async function goOnFromBackup(): Promise<void> {
  expect((await readFile(backup.file)).equals(backup.content)).toBe(true);
  expect(await restore(world, '--from', backup.file)).toMatchObject({ code: 0 });
  world.process = await world.startProcess();
  const puts = world.puts();
  const { id } = await world.dispatch(world.tip(world.slug) ?? '');
  const again = await world.finished(id);
  expect([published.status, again.status]).toEqual(['published', again.status]);
  expect(world.puts()).toBe(puts);
  expect((await world.publish({ files: files('1.1.0') })).status).toBe('published');
}

describe('a database that is damaged while the process runs', () => {
  it('is not used any more: dispatches get 503, and the process ends saying how to go on', async () => {
    await spoilWhileRunning();
    const { exited } = world.process;
    const answers: number[] = [];
    // The process itself may be the first to notice.
    for (let index = 1; index < 50; index++) {
      const body = { repository: world.slug, commit_sha: index.toString(16).padStart(40, '0') };
      const answer = await world.post(JSON.stringify(body)).catch(() => undefined);
      if (answer === undefined) break;
      answers.push(answer.status);
    }
    expect(new Set(answers).difference(new Set([503])).size).toBe(0);
    expect(await exited).toBe(78);
    const output = world.process.output();
    expect(output).toContain('stopping: the database is damaged');
    expect(output).toContain(`npm run restore -- --from ${backup.file}`);
    expect(await failToStart()).toContain('ended (78)');
    await goOnFromBackup();
  });
});

describe('data that is damaged while the process is down', () => {
  it.each<readonly [string, string, () => Promise<void>]>([
    [
      'a database cut in half',
      'it is damaged',
      async () => truncate(database, Math.floor((await stat(database)).size / 2)),
    ],
    ['an empty file', 'there are backups of it', async () => writeFile(database, '')],
    ['a log of something else', 'it is damaged', async () => spoil(database, 0)],
    [
      'a database of another program',
      'another program',
      async () => {
        await rm(database);
        const theirs = new Sqlite(database);
        theirs.exec('create table accounts (name text)');
        theirs.close();
      },
    ],
  ])('is refused when there is %s, and the backup restores it', async (_, words, damage) => {
    await stop();
    await damage();
    const before = await readFile(database);
    const said = await failToStart();
    expect(said).toContain('ended (78)');
    expect(said).toContain(words);
    expect((await readFile(database)).equals(before)).toBe(true);
    await goOnFromBackup();
  });

  it('is as old as the last checkpoint when the log is noise, and later publishes are recognized', async () => {
    await world.publish({ files: files('1.0.1') });
    await stop('SIGKILL');
    await spoil(`${database}-wal`, 32);
    world.process = await world.startProcess();
    const puts = world.puts();
    const { id } = await world.dispatch(world.tip(world.slug) ?? '');
    expect((await world.finished(id)).packages).toMatchObject([{ name, version: '1.0.1' }]);
    expect(world.puts()).toBe(puts);
  });

  it('needs no repair when a killed process only left files behind', async () => {
    await stop('SIGKILL');
    await writeFile(join(data, 'tarballs', 'left.tgz.tmp'), 'half');
    await writeFile(join(data, 'backups', 'publisher-2027-01-01T00-00-00-000Z.db.unfinished'), 'half');
    await rename(join(data, 'publisher.lock'), join(data, 'aside'));
    await rename(join(data, 'aside'), join(data, 'publisher.lock'));
    world.process = await world.startProcess();
    expect((await fetch(`${world.process.url}/dispatches/${unknownDispatch}`)).status).toBe(404);
    expect((await world.publish({ files: files('1.1.0') })).status).toBe('published');
  });
});
