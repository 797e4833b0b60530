import { failure, PublishError } from '../../domain/failure/failure.ts';
import type { Slug } from '../../domain/repository/repository.ts';
import { fetchObjects } from './host/fetch-objects.ts';
import type { UpdateDeps } from './host/update-mirror.ts';
import type { Mirror } from './mirrors.ts';
import type { ObjectInfo, ObjectReader } from './object-reader.ts';

export interface BlobDeps extends UpdateDeps {
  /** Deletes the damaged mirror and returns the error that reports the damage. */
  readonly discardDamaged: (mirror: Mirror, cause?: unknown) => Promise<Error>;
}

/** A mirror rebuilt within this time is not considered damaged when files are missing. */
const remadeForMs = 60 * 60_000;

export type BlobWork = (reader: ObjectReader, infos: readonly ObjectInfo[]) => Promise<void>;

/**
 * Passes the blobs `wanted` to `work`. Blobs that the mirror lacks are fetched first, together with the missing ones of
 * `readNext`, in one request. Throws Outage, PublishError, or the error that reports a damaged mirror.
 */
export async function withBlobs(
  deps: BlobDeps,
  mirror: Mirror,
  slug: Slug,
  wanted: readonly string[],
  signal: AbortSignal,
  work: BlobWork,
  readNext: readonly string[] = [],
): Promise<void> {
  const oids = [...new Set(wanted)];
  if (oids.length === 0) return;
  for (const isLastTry of [false, true]) {
    const missing = await readOrDiscard(deps, mirror, signal, async (reader) => {
      const infos = await reader.list(oids);
      const lacking = infos.filter((info) => info.bytes === undefined).map((info) => info.oid);
      if (lacking.length === 0) await work(reader, infos);
      return lacking;
    });
    if (missing.length === 0) return;
    if (isLastTry) break;
    const besides = await listMissing(deps, mirror, readNext, signal);
    await fetchObjects(deps, mirror, slug, [...new Set([...missing, ...besides])], signal);
  }
  // A missing file can indicate damage: git keeps an existing pack of the same name even when it is broken. A mirror
  // rebuilt recently is kept, so that a host that lacks one of its own files does not cause repeated rebuilds.
  const { remadeAt } = mirror;
  const isNew = remadeAt !== undefined && deps.remote.clock.monotonic() - remadeAt < remadeForMs;
  if (!isNew) await deps.discardDamaged(mirror);
  const detail = 'the git host did not send all of its files';
  throw new PublishError(failure('fetch-failed', { repository: slug, detail }));
}

async function listMissing(
  deps: BlobDeps,
  mirror: Mirror,
  oids: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (oids.length === 0) return [];
  const infos = await readOrDiscard(deps, mirror, signal, async (reader) => reader.list(oids));
  return infos.filter(({ bytes }) => bytes === undefined).map(({ oid }) => oid);
}

/** Passes the wanted blobs that the mirror holds to `work`. Throws the error that reports a damaged mirror. */
export async function withKeptBlobs(
  deps: BlobDeps,
  mirror: Mirror,
  wanted: readonly string[],
  signal: AbortSignal,
  work: BlobWork,
): Promise<void> {
  await readOrDiscard(deps, mirror, signal, async (reader) => {
    const infos = await reader.list([...new Set(wanted)]);
    const kept = infos.filter((info) => info.bytes !== undefined);
    await work(reader, kept);
  });
}

async function readOrDiscard<T>(
  deps: BlobDeps,
  mirror: Mirror,
  signal: AbortSignal,
  read: (reader: ObjectReader) => Promise<T>,
): Promise<T> {
  try {
    return await deps.readers.use(mirror, signal, read);
  } catch (error) {
    signal.throwIfAborted();
    const isOurs = error instanceof PublishError || (error instanceof Error && 'code' in error);
    throw isOurs ? error : await deps.discardDamaged(mirror, error);
  }
}
