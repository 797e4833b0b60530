import type { Finding } from '../../../domain/job/report.ts';
import type { Tree } from '../../../domain/package/tree.ts';
import type { Repository } from '../../../domain/repository/repository.ts';
import type { BlobLimits, RepositorySource } from '../../../ports/git.ts';
import { filesUnder } from '../../commit/candidates.ts';
import type { PackageToFix } from '../fixes/fix.ts';
import { filesToRead } from './plan-repair.ts';

/** Limits of the texts that are read: larger texts, and texts beyond the total, are left to people. */
const textLimits: BlobLimits = { maxBytesEach: 1024 * 1024, maxBytesTotal: 32 * 1024 * 1024 };

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

/** Reads a package of a commit, with the texts that its repair needs. Throws what the source throws. */
export async function readPackageAt(
  source: Pick<RepositorySource, 'eachBlob'>,
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
  const filesOf = Map.groupBy(
    filesToRead(findings).filter((file) => oids.has(file)),
    (file) => oids.get(file) ?? '',
  );
  const texts = keepTexts();
  const take = (oid: string, bytes: Buffer): void => {
    for (const file of filesOf.get(oid) ?? []) texts.add(file, bytes);
  };
  const limits = { ...textLimits, maxBytesTotal: Number.POSITIVE_INFINITY };
  await source.eachBlob(repository.id, repository.slug, [...filesOf.keys()], limits, take, signal);
  return { package: { name, paths: new Set(oids.keys()), texts: texts.kept }, oids };
}

export interface KeptTexts {
  readonly kept: ReadonlyMap<string, string>;
  /** Whether a text of this many bytes would be kept. */
  hasRoom(bytes: number): boolean;
  /** Keeps the text while there is room. */
  add(file: string, content: Uint8Array): void;
}

/** Keeps texts of a package that is repaired, as many as may be held at a time. */
export function keepTexts(): KeptTexts {
  const kept = new Map<string, string>();
  let left = textLimits.maxBytesTotal;
  const hasRoom = (bytes: number): boolean => bytes <= Math.min(left, textLimits.maxBytesEach);
  return {
    kept,
    hasRoom,
    add: (file, content) => {
      const text = hasRoom(content.length) ? decodeText(content) : undefined;
      if (text === undefined) return;
      kept.set(file, text);
      left -= content.length;
    },
  };
}

/**
 * Returns undefined when the bytes are not UTF-8. A byte order mark is kept, since it may be what has to be repaired.
 */
function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
