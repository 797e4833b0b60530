import { chmod, chown, lstat, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { World } from '../../sandbox/world.ts';

/** A user id that does not exist here: it may read the code, and write only what is given to it. */
const stranger = 54_321;

describe.skipIf(process.getuid?.() !== 0)('a user who may not write the code', () => {
  it('runs everything up to a published package, and leaves nothing outside of DATA_DIR', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'upm-read-only-'));
    await chmod(folder, 0o755);
    await mkdir(join(folder, 'data'));
    await chown(join(folder, 'data'), stranger, stranger);
    const world = await World.start({ folder, user: stranger });
    try {
      const commit = world.push({ files: unityPackage('com.studio.frozen', '1.0.0') });
      const { id } = await world.dispatch(commit);
      const job = await world.finished(id);
      expect(job.packages).toMatchObject([{ name: 'com.studio.frozen', outcome: 'published' }]);
      expect(await listOf(stranger, tmpdir())).toEqual([]);
      expect(await listOf(stranger, folder)).toEqual(['data']);
      world.process.kill('SIGTERM');
      expect(await world.process.exited).toBe(0);
      expect(world.process.output()).not.toMatch(/EACCES|EROFS|EPERM/);
    } finally {
      await world.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
});

async function listOf(user: number, folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of await readdir(folder)) {
    const known = await lstat(join(folder, name)).catch(() => undefined);
    if (known?.uid === user) found.push(name);
  }
  return found;
}
