import type { LfsPointer } from '../domain/lfs-pointer.ts';
import type { Slug } from '../domain/repository.ts';

export interface PointerFile extends LfsPointer {
  /** Relative to the folder; a file of ours that holds the pointer. */
  readonly path: string;
}

export interface MissingObject {
  readonly path: string;
  /** One phrase: "the git host does not have it". */
  readonly why: string;
}

/** Contents that the git host keeps apart from the repository (Git LFS). */
export interface LfsObjects {
  /**
   * Puts the contents in place of the pointers; those that cannot be had are left alone and returned. Nothing is put
   * in place that is not what its pointer says. Throws Outage('git-host'), PublishError tarball-too-large (before anything is
   * asked for, when they are larger than `maxBytes` together), or what the disk says.
   */
  fetch(
    slug: Slug,
    files: readonly PointerFile[],
    folder: string,
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<readonly MissingObject[]>;
}
