import type { Packument } from '../domain/packument.ts';

export interface CachedPackument {
  /** As the registry gave it, weak or strong. */
  readonly etag: string;
  readonly packument: Packument;
}

/** The last packument seen of each name, kept across restarts. Only ever used after the registry said "not modified". */
export interface PackumentCache {
  find(name: string): Promise<CachedPackument | undefined>;
  /** Inserts or replaces. */
  save(name: string, etag: string, packument: Packument): Promise<void>;
}
