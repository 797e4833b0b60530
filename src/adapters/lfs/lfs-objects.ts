import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, PublishError } from '../../domain/failure/failure.ts';
import type { Slug } from '../../domain/repository/repository.ts';
import type { LfsObjects, MissingObject, PointerFile } from '../../ports/git.ts';
import { onDisk } from '../system/disk-trouble.ts';
import { askBatch, type LfsHost, type Located } from './ask-batch.ts';
import { download } from './download.ts';

export type { LfsHost } from './ask-batch.ts';

const mebibyte = 1024 * 1024;
/** The batch size of GitHub's own client. */
const objectsPerBatch = 100;
const downloadsAtOnce = 4;

/** Downloads objects through the batch API and the basic transfers of the Git LFS specification. */
export function buildLfsObjects(host: LfsHost): LfsObjects {
  return {
    fetch: async (slug, files, folder, maxBytes, signal) => {
      checkTotal(files, maxBytes);
      const scratch = `${folder}.lfs`;
      return onDisk(async () => {
        await mkdir(scratch, { mode: 0o700 });
        try {
          return await fetchAll({ host, slug, folder, scratch, signal }, files);
        } finally {
          await rm(scratch, { recursive: true, force: true });
        }
      });
    },
  };
}

async function fetchAll(
  fetching: Fetching,
  files: readonly PointerFile[],
): Promise<readonly MissingObject[]> {
  const byOid = Map.groupBy(files, ({ oid }) => oid);
  const oids = [...byOid.keys()];
  const missing: MissingObject[] = [];
  for (let from = 0; from < oids.length; from += objectsPerBatch) {
    const groups = oids.slice(from, from + objectsPerBatch).map((oid) => byOid.get(oid) ?? []);
    missing.push(...(await fetchGroups(fetching, groups)));
  }
  return missing;
}

function checkTotal(files: readonly PointerFile[], maxBytes: number): void {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total <= maxBytes) return;
  const sizeMb = Math.ceil(total / mebibyte);
  throw new PublishError(failure('tarball-too-large', { sizeMb, limitMb: Math.floor(maxBytes / mebibyte) }));
}

interface Fetching {
  readonly host: LfsHost;
  readonly slug: Slug;
  readonly folder: string;
  /** A folder of ours on the same disk. */
  readonly scratch: string;
  readonly signal: AbortSignal;
}

/** Each group holds the files that share one object. */
async function fetchGroups(
  fetching: Fetching,
  groups: readonly (readonly PointerFile[])[],
): Promise<readonly MissingObject[]> {
  const objects = groups.flatMap(([first]) => (first === undefined ? [] : [first]));
  const located = await askBatch(fetching.host, fetching.slug, objects, fetching.signal);
  const missing: MissingObject[] = [];
  const waiting = groups.values();
  const takeTurns = async (): Promise<void> => {
    for (const group of waiting) {
      const why = await fetchGroup(fetching, group, located.get(group[0]?.oid ?? ''));
      if (why !== undefined) missing.push(...group.map(({ path }) => ({ path, why })));
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: downloadsAtOnce }, takeTurns));
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
  return missing;
}

async function fetchGroup(
  { host, folder, scratch, signal }: Fetching,
  [first, ...twins]: readonly PointerFile[],
  located: Located | undefined,
): Promise<string | undefined> {
  if (first === undefined || located === undefined) return undefined;
  if (located.kind === 'missing') return located.why;
  const file = join(scratch, first.oid);
  const why = await download(host, first, located, file, signal);
  if (why !== undefined) return why;
  for (const { path } of twins) await copyFile(file, join(folder, path));
  await rename(file, join(folder, first.path));
  return undefined;
}
