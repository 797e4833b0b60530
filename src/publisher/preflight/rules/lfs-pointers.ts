import type { FileRule } from './rule.ts';

const marker = Buffer.from('version https://git-lfs.github.com/spec/');

/** Finds pointer files, which are below 1,024 bytes and begin with the version line (Git LFS specification). */
export const lfsPointers: FileRule = {
  id: 'lfs.pointer',
  severity: 'block',
  finds:
    'a Git LFS pointer whose content the git host does not give; the others are replaced by their contents before packing',
  why: 'The pointer ships instead of the library or texture, and the version number is used up',
  unityCheck: 'PVP-36-1',
  wants: ({ bytes }) => bytes >= 100 && bytes <= 1024,
  checkFile: ({ path, content }) => {
    if (!content.subarray(0, marker.length).equals(marker)) return [];
    const message = `${path} is a Git LFS pointer, not the file; push its object, or commit its real content in the package folder`;
    return [{ file: path, message }];
  },
};
