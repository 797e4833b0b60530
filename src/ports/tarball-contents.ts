import type { Tarball, TarballContents } from '../domain/tarball.ts';

/** Looks into tarballs of our own. */
export interface TarballContentsReader {
  /** Throws when the file is not there or no tarball. */
  readOwn(tarball: Tarball, signal: AbortSignal): Promise<TarballContents>;
}
