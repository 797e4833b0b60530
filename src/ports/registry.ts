import type { Failure } from '../domain/failure/failure.ts';
import type { UnityManifest } from '../domain/package/manifest.ts';
import type { Integrity, Packument, PublishedVersion } from '../domain/package/packument.ts';
import type { PackedEntry, Tarball, TarballContents } from '../domain/package/tarball.ts';

export interface Upload {
  readonly name: string;
  readonly version: string;
  readonly distTag: string;
  /** The cleaned manifest: without `_*`, scripts, publishConfig, tag and private. */
  readonly manifest: UnityManifest;
  readonly readme: string | undefined;
  readonly tarball: Tarball;
}

/** What we learned from one PUT. It never proves success; only a read-back does. */
export type PutAnswer =
  /** A 2xx answer with a registry's JSON, which claims that the version was stored. */
  | { readonly kind: 'accepted' }
  /** HTTP 409. */
  | { readonly kind: 'conflict' }
  /** Certainly not stored, and a person must change something (4xx, a redirect). */
  | { readonly kind: 'refused'; readonly failure: Failure }
  /** Certainly not stored, but may be tried again (429, 503 before the body was accepted, connection refused). */
  | { readonly kind: 'busy'; readonly detail: string; readonly retryAfterMs: number | undefined }
  /** HTTP 401: the token is invalid or lacks the right to publish this package. */
  | { readonly kind: 'credentials'; readonly detail: string }
  /** The exchange is over and its outcome is unknown: reset connection, incomplete answer, HTML, 5xx after the body. */
  | { readonly kind: 'unclear'; readonly detail: string; readonly retryAfterMs: number | undefined }
  /** We stopped waiting; the version may still be stored. */
  | { readonly kind: 'timed-out'; readonly detail: string };

/** The bytes that the registry serves to those who install a version. */
export type ServedTarball =
  | { readonly kind: 'read'; readonly integrity: Integrity; readonly bytes: number }
  /** Not read to the end, because its length is none of those that were asked for. */
  | { readonly kind: 'other-length' }
  /** `why` is a short phrase without secrets. */
  | { readonly kind: 'unreadable'; readonly why: string };

/**
 * An npm-compatible registry. Sends the token to its own origin only. Follows addresses to other origins for served
 * tarballs only.
 */
export interface Registry {
  /** `https://host[:port][/path]/`, normalised with a trailing slash. */
  readonly url: string;
  /**
   * Returns undefined if the registry says that the name does not exist. Throws Outage('registry') if the registry is
   * down, and NameRefusal if it answers for other names but not for this one; then nothing is known about the name.
   */
  findPackument(name: string, signal: AbortSignal): Promise<Packument | undefined>;
  /** Like `findPackument`, but reads nothing if the registry's document still has this ETag. */
  findChange(
    name: string,
    etag: string | undefined,
    signal: AbortSignal,
  ): Promise<Packument | 'unchanged' | undefined>;
  /**
   * Hashes the bytes that are served as this version, at whatever address the registry names; requests to another
   * origin carry no token. A tarball of a length not in `lengths` is not read; an empty `lengths` allows any length.
   * Throws the signal's reason only.
   */
  readServed(
    name: string,
    version: PublishedVersion,
    lengths: readonly number[],
    signal: AbortSignal,
  ): Promise<ServedTarball>;
  /**
   * Sends one PUT and never retries. Throws only for an aborted signal; failures of the network or the registry are
   * answers.
   */
  put(upload: Upload, signal: AbortSignal): Promise<PutAnswer>;
  /** Throws Outage('registry') if the tag cannot be set. */
  setDistTag(name: string, tag: string, version: string, signal: AbortSignal): Promise<void>;
  /** Throws Outage('registry') while the registry is down or refuses our token. */
  probe(signal: AbortSignal): Promise<void>;
}

/** What the registry says about a version that it has. */
export interface PublishedCopy {
  readonly integrity: string | undefined;
  /** Epoch milliseconds; undefined when the registry does not say. */
  readonly receivedAt: number | undefined;
  /** Names of the dist-tags that point to the version. */
  readonly distTags: readonly string[];
}

export type CopyContents =
  | { readonly kind: 'contents'; readonly contents: TarballContents; readonly integrity: Integrity }
  /** Not a tarball, too large, or not the bytes that the registry's document describes. `why` is a short phrase. */
  | { readonly kind: 'unreadable'; readonly why: string };

/**
 * Versions on the registry, whoever published them. Each method throws Outage('registry') or NameRefusal if the answer
 * cannot be known.
 */
export interface PublishedCopies {
  /** Returns undefined if the registry does not have the version. */
  findCopy(name: string, version: string, signal: AbortSignal): Promise<PublishedCopy | undefined>;
  /**
   * Streams the tarball from our registry's own origin and checks its integrity. Returns undefined if the version does
   * not exist.
   */
  readCopy(name: string, version: string, signal: AbortSignal): Promise<CopyContents | undefined>;
}

/** Files inside the versions on the registry. */
export interface PublishedFiles {
  /**
   * Returns a text file at the root of a version's tarball; the file name is compared without case. Returns undefined
   * if the version or the file does not exist, or if the file is larger than a text should be. Checks the tarball's
   * integrity. Throws Outage('registry'), NameRefusal, and PublishError published-copy-differs.
   */
  findText(name: string, version: string, file: string, signal: AbortSignal): Promise<string | undefined>;
  /**
   * Passes the regular files of a version's tarball to the visitor, one after another. Returns the size of the tarball
   * in bytes and its entries, or why it cannot be read. The integrity is checked at the end, so what the visitor
   * received counts only if the result is `read`. Throws Outage('registry') and NameRefusal.
   */
  readFiles(name: string, version: string, visitor: FileVisitor, signal: AbortSignal): Promise<ReadTarball>;
}

export interface FileVisitor {
  /** Called for each file; only files for which it returns true are passed to `take`. */
  wants(entry: PackedEntry): boolean;
  take(entry: PackedEntry, content: Buffer): void;
}

export type ReadTarball =
  | { readonly kind: 'read'; readonly bytes: number; readonly entries: readonly PackedEntry[] }
  /** Completes the sentence "com.x.y 1.0.0 …". */
  | { readonly kind: 'unreadable'; readonly problem: string };
