import type { RepositoryId } from '../domain/repository.ts';

export interface FileToScan {
  /** Relative to the folder. */
  readonly path: string;
  /** What the file is by its name alone ("a private SSH key"): then its whole content is the secret. */
  readonly kind?: string;
}

/** A secret, without the secret. */
export interface FoundSecret {
  readonly file: string;
  /** From 1; undefined when the whole file is the secret. */
  readonly line: number | undefined;
  /** "a GitHub token". */
  readonly kind: string;
  /** The same for the same secret of the same kind in whatever file; says nothing to anybody without our key. */
  readonly fingerprint: string;
}

export interface SecretScan {
  /** By file and line. */
  readonly found: readonly FoundSecret[];
  /** Text files that are searched to a limit only, with that limit in bytes. */
  readonly cut: readonly { readonly file: string; readonly searchedBytes: number }[];
  /** Where the search had to be given up; nothing is known of this file and those after it. */
  readonly stoppedAt: string | undefined;
}

/** Looks for secrets in files of ours, apart from the main thread. Values never leave it. */
export interface SecretScanner {
  /**
   * Throws the signal's reason, or what the disk says. A search that crashes or takes too long is `stoppedAt`. Searches of
   * one owner wait for one another, never for more than a slice of somebody else's.
   */
  scan(
    folder: string,
    files: readonly FileToScan[],
    owner: RepositoryId,
    signal: AbortSignal,
  ): Promise<SecretScan>;
  stop(): Promise<void>;
}
