import type { FileChange } from '../domain/package/file-change.ts';
import type { UnityManifest } from '../domain/package/manifest.ts';
import type { PackedEntry, Tarball, TarballContents } from '../domain/package/tarball.ts';

export interface PackRequest {
  /** Staged regular files, package.json already written. Not changed. */
  readonly folder: string;
  readonly manifest: UnityManifest;
  /** Where the tarball goes; its folder exists. Written to a temporary name, fsynced, then renamed. */
  readonly outFile: string;
  readonly maxBytes: number;
  /** Staged files that ship whatever the manifest and .npmignore say. */
  readonly always: readonly string[];
}

/** A line of an ignore file. */
export interface IgnoreLine {
  /** `.npmignore`, by its path in the package. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly pattern: string;
}

/** An entry of `files` in package.json that matches nothing. */
export interface IdleEntry {
  readonly entry: string;
  /** What it would match if capital letters did not count. */
  readonly meant: string | undefined;
}

/** Why files of the folder are not packed, as far as their author wrote it. */
export interface WhyNotPacked {
  /** By the topmost file or folder that a line leaves out. */
  readonly ignored: ReadonlyMap<string, IgnoreLine>;
  readonly idle: readonly IdleEntry[];
}

export interface Packed {
  readonly tarball: Tarball;
  /** What npm would ship, sorted by path. */
  readonly entries: readonly PackedEntry[];
  readonly whyNot: WhyNotPacked;
  /** Those of `always` that npm would have left out. */
  readonly besides: readonly string[];
}

/** Packs apart from the main thread, without scripts, the same bytes every time. */
export interface Packer {
  /** Throws PublishError: pack-failed, tarball-too-large, disk-full. A crash in there is pack-failed. */
  pack(request: PackRequest, signal: AbortSignal): Promise<Packed>;
  stop(): Promise<void>;
}

/** Looks into tarballs of our own. */
export interface TarballContentsReader {
  /** Throws when the file is not there or no tarball. */
  readOwn(tarball: Tarball, signal: AbortSignal): Promise<TarballContents>;
}

export interface SignRequest {
  readonly name: string;
  readonly version: string;
  /** The staged files; not changed. */
  readonly folder: string;
  /** Those of them that are packed. */
  readonly entries: readonly PackedEntry[];
  /** Where the signed tarball goes; replaced when it is there. Written to a temporary name, fsynced, then renamed. */
  readonly outFile: string;
  readonly maxBytes: number;
}

/** Whoever signs packages. */
export interface Signer {
  /**
   * A tarball of the same files with `.attestation.p7m` beside them, and nothing else. Throws PublishError: signing-failed,
   * signed-package-differs, tarball-too-large, disk-full; then what was at `outFile` is still there.
   */
  sign(request: SignRequest, signal: AbortSignal): Promise<Tarball>;
  stop(): Promise<void>;
}

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
