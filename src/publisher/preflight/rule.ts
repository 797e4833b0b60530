import type { UnityManifest } from '../../domain/manifest.ts';
import type { Finding } from '../../domain/report.ts';
import type { PackedEntry } from '../../domain/tarball.ts';
import type { FileToScan, SecretScan } from '../../ports/secret-scanner.ts';

/** What npm would ship. */
export interface PackedPackage {
  readonly manifest: UnityManifest;
  readonly entries: readonly PackedEntry[];
  /** Bytes of a packed file. */
  read(path: string): Promise<Uint8Array>;
  /** Looks into packed files for secrets. */
  findSecrets(files: readonly FileToScan[]): Promise<SecretScan>;
}

export interface Rule {
  readonly id: string;
  check(packed: PackedPackage): Promise<readonly Finding[]>;
}
