import type { FileChange } from '../domain/package/file-change.ts';
import type { UnityManifest } from '../domain/package/manifest.ts';
import type { PackedEntry, Tarball, TarballContents } from '../domain/package/tarball.ts';

export interface PackRequest {
  /** Folder of staged regular files with the final package.json. It is not changed. */
  readonly folder: string;
  readonly manifest: UnityManifest;
  /**
   * Path of the tarball, in an existing folder. The tarball is written under a temporary name, fsynced and then
   * renamed.
   */
  readonly outFile: string;
  readonly maxBytes: number;
  /** Staged files that are packed whatever the manifest and .npmignore say. */
  readonly always: readonly string[];
}

/** A line of an ignore file. */
export interface IgnoreLine {
  /** Path of the `.npmignore` file in the package. */
  readonly file: string;
  /** Line number, from 1. */
  readonly line: number;
  readonly pattern: string;
}

/** An entry of `files` in package.json that matches nothing. */
export interface IdleEntry {
  readonly entry: string;
  /** What the entry would match if letter case were ignored. */
  readonly meant: string | undefined;
}

/** Why files of the folder are not packed, as far as what the package's author wrote explains it. */
export interface WhyNotPacked {
  /** By path of the topmost file or folder that a line excludes. */
  readonly ignored: ReadonlyMap<string, IgnoreLine>;
  readonly idle: readonly IdleEntry[];
}

export interface Packed {
  readonly tarball: Tarball;
  /** Files that npm would ship, sorted by path. */
  readonly entries: readonly PackedEntry[];
  readonly whyNot: WhyNotPacked;
  /** Those files of `always` that npm would have left out. */
  readonly besides: readonly string[];
}

/** Packs outside the main thread, without running scripts. The same input always gives the same bytes. */
export interface Packer {
  /**
   * Throws PublishError: pack-failed, tarball-too-large, disk-full. A crash of the packing thread is reported as
   * pack-failed.
   */
  pack(request: PackRequest, signal: AbortSignal): Promise<Packed>;
  stop(): Promise<void>;
}

/** Reads tarballs that we made. */
export interface TarballContentsReader {
  /** Throws if the file does not exist or is not a tarball. */
  readOwn(tarball: Tarball, signal: AbortSignal): Promise<TarballContents>;
}

export interface SignRequest {
  readonly name: string;
  readonly version: string;
  /** Folder of the staged files. It is not changed. */
  readonly folder: string;
  /** Those staged files that are packed. */
  readonly entries: readonly PackedEntry[];
  /**
   * Path of the signed tarball; an existing file is replaced. The tarball is written under a temporary name, fsynced
   * and then renamed.
   */
  readonly outFile: string;
  readonly maxBytes: number;
}

export interface Signer {
  /**
   * Makes a tarball of the same files plus `.attestation.p7m` and nothing else. Throws PublishError: signing-failed,
   * signed-package-differs, tarball-too-large, disk-full; a file at `outFile` is then unchanged.
   */
  sign(request: SignRequest, signal: AbortSignal): Promise<Tarball>;
  stop(): Promise<void>;
}

export interface StagingFolder {
  readonly folder: string;
  /** Returns the content of a staged file; throws if the file does not exist. */
  read(path: string): Promise<Buffer>;
  /** Writes a file that does not exist yet. `path` is a bare file name without a folder. */
  write(path: string, content: string): Promise<void>;
  /**
   * Applies the changes in order. Throws PublishError pack-failed at the first change that cannot be made in this
   * folder; earlier changes stay applied.
   */
  change(changes: readonly FileChange[]): Promise<void>;
  remove(): Promise<void>;
}

/** Our own files: work folders live as long as the process, tarballs until their version is seen on the registry. */
export interface Workspace {
  /** Waits while the maximum number of folders is open. Throws PublishError disk-full or the signal's reason. */
  createFolder(signal: AbortSignal): Promise<StagingFolder>;
  /** Returns an unused path for a tarball; its folder exists. */
  newTarballFile(): string;
  /** Returns whether the file exists and still has the same bytes. */
  isIntact(tarball: Tarball): Promise<boolean>;
  removeTarball(tarball: Tarball): Promise<void>;
}
