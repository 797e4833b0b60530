import type { Integrity } from '../domain/packument.ts';
import type { TarballContents } from '../domain/tarball.ts';

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
