import type { UnityManifest } from '../../domain/manifest.ts';
import type { Finding } from '../../domain/report.ts';
import type { PackedEntry } from '../../domain/tarball.ts';

/** What npm would ship. */
export interface PackedPackage {
  readonly manifest: UnityManifest;
  readonly entries: readonly PackedEntry[];
  /** Bytes of a packed file. */
  read(path: string): Promise<Uint8Array>;
}

export interface Rule {
  readonly id: string;
  check(packed: PackedPackage): Promise<readonly Finding[]>;
}
