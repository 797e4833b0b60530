import { assetOf, isHidden } from './asset-paths.ts';
import type { CommittedFile, PackedPackage } from './package.ts';

/**
 * Lists files that the commit has and the package lacks: regular files, or symbolic links. The commit of a package
 * that somebody else packed is not known; there a file of which only the .meta was packed counts as either.
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
