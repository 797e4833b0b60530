import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Tarball } from '../domain/tarball.ts';
import type { StagingFolder, Workspace } from '../ports/workspace.ts';

/** Opens `<dataDir>/work` (emptied: a dead process owns nothing there) and `<dataDir>/tarballs`. */
export async function openDiskWorkspace(dataDir: string): Promise<Workspace> {
  const work = join(dataDir, 'work');
  const tarballs = join(dataDir, 'tarballs');
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true, mode: 0o700 });
  await mkdir(tarballs, { recursive: true, mode: 0o700 });
  return {
    createFolder: async () => openFolder(await mkdtemp(join(work, 'package-'))),
    newTarballFile: () => join(tarballs, `${randomUUID()}.tgz`),
    isIntact,
    removeTarball: async (tarball) => rm(tarball.file, { force: true }),
  };
}

function openFolder(folder: string): StagingFolder {
  return {
    folder,
    read: async (path) => readFile(join(folder, path)),
    write: async (path, content) => writeFile(join(folder, path), content, { flag: 'wx', mode: 0o644 }),
    remove: async () => rm(folder, { recursive: true, force: true }),
  };
}

async function isIntact(tarball: Tarball): Promise<boolean> {
  const found = await stat(tarball.file).catch(() => undefined);
  if (found === undefined || found.size !== tarball.bytes) return false;
  const hash = createHash('sha512');
  await pipeline(createReadStream(tarball.file), hash);
  return `sha512-${hash.digest('base64')}` === tarball.integrity;
}
