import type { Finding } from '../../domain/report.ts';
import type { Repository } from '../../domain/repository.ts';
import type { Tree } from '../../domain/tree.ts';
import type { RepositorySource } from '../../ports/repository-source.ts';
import { filesUnder } from '../candidates.ts';
import type { PackageToFix } from '../preflight-fixes/fix.ts';
import { filesToRead } from './plan-repair.ts';

/** Larger texts are left to people. */
export const textMaxBytes = 1024 * 1024;

export interface PackageAt {
  readonly repository: Pick<Repository, 'id' | 'slug'>;
  readonly name: string;
  /** Folder of the package; '' for the root. */
  readonly path: string;
}

export interface CommittedPackage {
  readonly package: PackageToFix;
  /** Blob of each regular file, by its path in the package. */
  readonly oids: ReadonlyMap<string, string>;
}

/** The package of a commit, with the texts that its repair needs. Throws what the source throws. */
export async function readPackageAt(
  source: Pick<RepositorySource, 'readBlobs'>,
  tree: Tree,
  { repository, name, path }: PackageAt,
  findings: readonly Finding[],
  signal: AbortSignal,
): Promise<CommittedPackage> {
  const prefix = path === '' ? 0 : path.length + 1;
  const oids = new Map(
    filesUnder(tree, path)
      .filter((entry) => entry.mode.startsWith('100'))
      .map((entry) => [entry.path.slice(prefix), entry.oid]),
  );
  const wanted = filesToRead(findings).flatMap((file) => oids.get(file) ?? []);
  const blobs = await source.readBlobs(repository.id, repository.slug, wanted, textMaxBytes, signal);
  const texts = filesToRead(findings).flatMap((file) => {
    const text = decodeText(blobs.get(oids.get(file) ?? ''));
    return text === undefined ? [] : [[file, text] as const];
  });
  return { package: { name, paths: new Set(oids.keys()), texts: new Map(texts) }, oids };
}

/** Undefined when it is no UTF-8. A byte order mark is kept: it may be what is to be repaired. */
export function decodeText(bytes: Uint8Array | undefined): string | undefined {
  if (bytes === undefined) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
