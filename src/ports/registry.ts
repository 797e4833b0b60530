import type { Failure } from '../domain/failure/failure.ts';
import type { UnityManifest } from '../domain/package/manifest.ts';
import type { Integrity, Packument, PublishedVersion } from '../domain/package/packument.ts';
import type { PackedEntry, Tarball, TarballContents } from '../domain/package/tarball.ts';

export interface Upload {
  readonly name: string;
  readonly version: string;
  readonly distTag: string;
  /** Already cleaned: no `_*`, scripts, publishConfig, tag, private. */
  readonly manifest: UnityManifest;
  readonly readme: string | undefined;
  readonly tarball: Tarball;
}

/** What one PUT told us. It is never proof of success: a read-back is. */
export type PutAnswer =
  /** A 2xx with a registry's JSON: it claims to have stored it. */
  | { readonly kind: 'accepted' }
  /** 409. */
  | { readonly kind: 'conflict' }
  /** Certainly not stored, and a person must change something (4xx, a redirect). */
  | { readonly kind: 'refused'; readonly failure: Failure }
  /** Certainly not stored (429, 503 before the body was taken, connection refused): may be tried again. */
  | { readonly kind: 'busy'; readonly detail: string; readonly retryAfterMs: number | undefined }
  /** 401: the token, or its right to publish this. */
  | { readonly kind: 'credentials'; readonly detail: string }
  /** Reset, half an answer, HTML, 5xx after the body: the exchange is over, the outcome is not known. */
  | { readonly kind: 'unclear'; readonly detail: string; readonly retryAfterMs: number | undefined }
  /** We stopped waiting; it may still be stored. */
  | { readonly kind: 'timed-out'; readonly detail: string };

/** What is handed out to whoever installs a version. */
export type ServedTarball =
  | { readonly kind: 'read'; readonly integrity: Integrity; readonly bytes: number }
  /** Not read to its end: it is not of a length that was asked for. */
  | { readonly kind: 'other-length' }
  /** `why` is a short phrase without secrets. */
  | { readonly kind: 'unreadable'; readonly why: string };

/** An npm-compatible registry. Sends the token to its own origin only; nothing but a served tarball is followed elsewhere. */
export interface Registry {
  /** `https://host[:port][/path]/`, normalised with a trailing slash. */
  readonly url: string;
  /**
   * Undefined when the registry says the name does not exist. Throws Outage('registry') when it is down, NameRefusal when
   * it answers for other names and not for this one: then nothing is known about it.
   */
  findPackument(name: string, signal: AbortSignal): Promise<Packument | undefined>;
  /** As `findPackument`, but reads nothing when the registry still has what this ETag stands for. */
  findChange(
    name: string,
    etag: string | undefined,
    signal: AbortSignal,
  ): Promise<Packument | 'unchanged' | undefined>;
  /**
   * Hashes the bytes that are served as this version, wherever the registry says they are: another origin is asked
   * without our token. Throws the signal's reason only.
   */
  readServed(
    name: string,
    version: PublishedVersion,
    lengths: readonly number[],
    signal: AbortSignal,
  ): Promise<ServedTarball>;
  /** One PUT; never a retry, never a throw for what the network or the registry does (only for an aborted signal). */
  put(upload: Upload, signal: AbortSignal): Promise<PutAnswer>;
  /** Throws Outage('registry') when it cannot be set. */
  setDistTag(name: string, tag: string, version: string, signal: AbortSignal): Promise<void>;
  /** Throws Outage('registry') while it is down or refuses our token. */
  probe(signal: AbortSignal): Promise<void>;
}

/** What the registry says of a version that it holds. */
export interface PublishedCopy {
  readonly integrity: string | undefined;
  /** Epoch milliseconds; undefined when the registry does not say. */
  readonly receivedAt: number | undefined;
  /** Those that lead to it, by name. */
  readonly distTags: readonly string[];
}

export type CopyContents =
  | { readonly kind: 'contents'; readonly contents: TarballContents; readonly integrity: Integrity }
  /** No tarball, too large, or not the bytes that the registry's document names: `why` is a short phrase. */
  | { readonly kind: 'unreadable'; readonly why: string };

/**
 * Versions on the registry, whoever published them. Each method throws Outage('registry') or NameRefusal when
 * that cannot be known.
 */
export interface PublishedCopies {
  /** Undefined when the registry does not hold it. */
  findCopy(name: string, version: string, signal: AbortSignal): Promise<PublishedCopy | undefined>;
  /** Streams the tarball from our own origin and checks its integrity; undefined when it is not there. */
  readCopy(name: string, version: string, signal: AbortSignal): Promise<CopyContents | undefined>;
}

/** What versions on the registry hold. */
export interface PublishedFiles {
  /**
   * A text at the root of a version's tarball, its name compared without case; undefined when the version or the file is
   * not there, or is larger than a text should be. The tarball's integrity is checked. Throws Outage('registry'),
   * NameRefusal, and PublishError published-copy-differs.
   */
  findText(name: string, version: string, file: string, signal: AbortSignal): Promise<string | undefined>;
  /**
   * Hands on the regular files of a version's tarball, one after the other; how many bytes the tarball has and what is in
   * it, or why it cannot be read. The integrity is checked at the end: what was handed on counts only then. Throws
   * Outage('registry') and NameRefusal.
   */
  readFiles(name: string, version: string, visitor: FileVisitor, signal: AbortSignal): Promise<ReadTarball>;
}

export interface FileVisitor {
  /** Called for each file; only what is wanted is taken. */
  wants(entry: PackedEntry): boolean;
  take(entry: PackedEntry, content: Buffer): void;
}

export type ReadTarball =
  | { readonly kind: 'read'; readonly bytes: number; readonly entries: readonly PackedEntry[] }
  /** Completes "com.x.y 1.0.0 …". */
  | { readonly kind: 'unreadable'; readonly problem: string };
