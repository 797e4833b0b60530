import { expect, it } from 'vitest';
import { onDisk } from '../../../src/adapters/system/disk-trouble.ts';

const coded = (code: string): Error => Object.assign(new Error('no'), { code });

it.each([
  ['ENOSPC', 'full'],
  ['EDQUOT', 'full'],
  ['EROFS', 'read-only'],
  ['EIO', 'broken'],
])('the system’s code %s means trouble with a disk that is %s', async (code, fault) => {
  const error = coded(code);
  const work = onDisk(async () => Promise.reject(error));
  await expect(work).rejects.toMatchObject({ name: 'DiskTrouble', fault, cause: error });
});

it('an error that is not about the disk passes unchanged, and so does a result', async () => {
  const error = coded('ENOENT');
  await expect(onDisk(async () => Promise.reject(error))).rejects.toBe(error);
  expect(await onDisk(async () => 7)).toBe(7);
});
