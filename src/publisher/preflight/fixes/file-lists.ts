import { isPlain, isThere, nameInFiles } from '../repair/name-in-files.ts';
import type { Fix } from './fix.ts';

export const extendFiles: Fix = {
  rule: 'pack.files-allowlist',
  does: 'names what was left out in `files` of `package.json`',
  canFix: ({ file }) => file !== undefined && isPlain(file),
  reads: () => ['package.json'],
  fix: (found, findings) =>
    nameInFiles(
      found,
      findings.flatMap(({ file }) => file ?? []).filter((path) => isThere(found, path)),
    ),
};
