import type { PackedEntry, Tarball } from '../domain/tarball.ts';

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
