import { assetOf, isHidden } from './asset-paths.ts';
import type { CommittedFile, PackedPackage } from './package.ts';

/**
 * Files that the commit has and the package lacks: regular ones, or symbolic links. Of what somebody else packed the
 * commit is not known; what only its .meta was packed of may have been either.
 */
export function listGone(packed: PackedPackage, mode: '100644' | '120000'): readonly string[] {
  const { committed, folders, metas, paths } = packed;
  if (committed === undefined) {
    return [...metas.keys()]
      .map(assetOf)
      .filter((path) => !paths.has(path) && !folders.has(path) && !isHidden(path));
  }
  const isOfMode = (file: CommittedFile): boolean => file.mode.slice(0, 3) === mode.slice(0, 3);
  return committed.filter((file) => isOfMode(file) && !paths.has(file.path)).map((file) => file.path);
}
