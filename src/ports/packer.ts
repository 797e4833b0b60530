import type { UnityManifest } from '../domain/manifest.ts';
import type { PackedEntry, Tarball } from '../domain/tarball.ts';

export interface PackRequest {
  /** Staged regular files, package.json already written. Not changed. */
  readonly folder: string;
  readonly manifest: UnityManifest;
  /** Where the tarball goes; its folder exists. Written to a temporary name, fsynced, then renamed. */
  readonly outFile: string;
  readonly maxBytes: number;
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
}

/** Packs apart from the main thread, without scripts, the same bytes every time. */
export interface Packer {
  /** Throws PublishError: pack-failed, tarball-too-large, disk-full. A crash in there is pack-failed. */
  pack(request: PackRequest, signal: AbortSignal): Promise<Packed>;
  stop(): Promise<void>;
}
