import { mkdir, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { failure, PublishError } from '../../domain/failure/failure.ts';
import type { FileChange } from '../../domain/package/file-change.ts';

/**
 * Applies changes in a folder of regular files of ours. Throws PublishError pack-failed for a change outside the
 * folder.
 */
export async function changeFiles(folder: string, changes: readonly FileChange[]): Promise<void> {
  const root = await realpath(folder);
  for (const change of changes) {
    await changeFile(root, change).catch((error: unknown) => {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      // A full disk is not the package's fault: its error is passed on.
      if (!expected.includes(code)) throw error;
      throw refused(change.path, `cannot be ${change.kind} (${code})`);
    });
  }
}

const expected: readonly string[] = [
  'EEXIST',
  'ENOTDIR',
  'EISDIR',
  'ENOENT',
  'ENAMETOOLONG',
  'ENOTEMPTY',
  'ERR_FS_EISDIR',
];

async function changeFile(root: string, change: FileChange): Promise<void> {
  const file = await locate(root, change.path);
  switch (change.kind) {
    case 'written':
      // The file is removed and created again, so that nothing is written through a link.
      await rm(file, { force: true });
      return writeFile(file, change.content, { flag: 'wx', mode: 0o644 });
    case 'deleted':
      return rm(file);
    case 'moved':
      return rename(file, await locate(root, change.to));
  }
}

/** Returns the absolute path, after creating the folder that contains it. */
async function locate(root: string, path: string): Promise<string> {
  const parts = path.split('/');
  const isPlain = !/[\0\\\uFFFD]/.test(path) && !parts.some((part) => ['', '.', '..'].includes(part));
  if (!isPlain) throw refused(path, 'is not a usable file name');
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const folder = await realpath(dirname(file));
  if (folder !== root && !folder.startsWith(`${root}${sep}`))
    throw refused(path, 'is outside of the package');
  return file;
}

function refused(path: string, why: string): PublishError {
  return new PublishError(
    failure('pack-failed', { problem: `${JSON.stringify(path.slice(0, 200))} ${why}` }),
  );
}
