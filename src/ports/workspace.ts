import type { FileChange } from '../domain/file-change.ts';
import type { Tarball } from '../domain/tarball.ts';

export interface StagingFolder {
  readonly folder: string;
  /** A staged file; throws when it is not there. */
  read(path: string): Promise<Buffer>;
  /** Writes a file that is not there yet; `path` has no folder. */
  write(path: string, content: string): Promise<void>;
  /** One after the other. Throws PublishError pack-failed where one cannot be done in here; those before it were. */
  change(changes: readonly FileChange[]): Promise<void>;
  remove(): Promise<void>;
}

/** Our own files: work folders live as long as a process, tarballs until their version is seen on the registry. */
export interface Workspace {
  /** Waits while as many are open as there may be. Throws PublishError disk-full, or the signal's reason. */
  createFolder(signal: AbortSignal): Promise<StagingFolder>;
  /** A new name for a tarball; its folder exists. */
  newTarballFile(): string;
  /** The file is there and still has these bytes. */
  isIntact(tarball: Tarball): Promise<boolean>;
  removeTarball(tarball: Tarball): Promise<void>;
}
