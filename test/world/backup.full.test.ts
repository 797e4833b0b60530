import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { World } from '../../sandbox/world.ts';
import { restore } from './restoring.ts';

const core = (version: string) => unityPackage('com.studio.core', version, { folder: 'Core' });

let world: World;
let database: string;
beforeAll(async () => {
  world = await World.start({ env: { JOB_BACKUP: '* * * * *' } });
  database = join(world.folder, 'data', 'publisher.db');
});
afterAll(async () => {
  await world?.stop();
});

async function damage(): Promise<void> {
  const { size } = await stat(database);
  const handle = await open(database, 'r+');
  await handle.write(Buffer.alloc(size - 8192, 0xa5), 0, size - 8192, 8192);
  await handle.close();
}

describe('a backup of a running process', () => {
  let file: string;
  let known: string;

  it('is made while the process publishes, and cannot be restored while it runs', async () => {
    const { id } = await world.dispatch(world.push({ files: core('1.0.0') }));
    known = id;
    expect((await world.finished(id)).status).toBe('published');
    const isBackup = (line: { readonly [field: string]: unknown }) =>
      line['msg'] === 'scheduled job ended' && line['job'] === 'backup';
    const ended = await world.process.waitFor(isBackup);
    expect(ended['outcome']).toBe('done');
    file = join(world.folder, 'data', 'backups', String(ended['note']));
    expect((await stat(file)).size).toBeGreaterThan(0);
    expect(await restore(world, '--from', file)).toMatchObject({
      code: 75,
      text: expect.stringContaining('Another process'),
    });
  }, 180_000);

  it('is named when the database is damaged; restored, it brings back what was known, and nothing is published twice', async () => {
    const later = await world.publish({ files: core('1.0.1') });
    expect(later.status).toBe('published');
    world.process.kill('SIGTERM');
    await world.process.exited;
    await damage();
    await expect(world.startProcess()).rejects.toThrow(/npm run restore -- --from .*publisher-.*Z\.db/);
    expect(await restore(world)).toMatchObject({ code: 2, text: expect.stringContaining(file) });
    const restored = await restore(world, '--from', file);
    expect(restored).toMatchObject({ code: 0, text: expect.stringContaining('is kept in') });
    world.process = await world.startProcess();
    // The backup may have been made while this job still ran: it is then brought to its end.
    expect((await world.finished(known)).status).toBe('published');
    const puts = world.puts();
    const { id } = await world.dispatch(world.tip(world.slug) ?? '');
    const again = await world.finished(id);
    expect(again.packages.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['com.studio.core', 'skipped'],
    ]);
    expect(world.puts()).toBe(puts);
    expect((await world.publish({ files: core('1.0.2') })).status).toBe('published');
  }, 180_000);
});
