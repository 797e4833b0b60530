import { Outage } from '../../../domain/failure/failure.ts';
import { NameRefusal } from '../../../domain/failure/name-trouble.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Logger } from '../../../ports/logger.ts';
import type { UnindexedVersion } from '../../../ports/preflight.ts';
import { type IndexDeps, indexVersion } from './index-version.ts';

export interface FillIndexDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly preflight: IndexDeps;
}

export interface FilledIndex {
  readonly read: number;
  /** Versions that were looked at and saved as unreadable. */
  readonly unreadable: number;
  /** Why the registry stopped answering; undefined when it did not. */
  readonly outage: string | undefined;
}

/** How many versions are listed at a time; a process that is killed loses one of them. */
const batchSize = 50;
/** How many versions one run reads before it gives the registry a rest. */
const mostPerRun = 2_000;
/** When an unreadable version is tried again: it may have been repaired since. */
const retryUnreadableMs = 7 * 24 * 3_600_000;

/**
 * Reads versions that the registry has and the index lacks, two at a time. Each version is saved as soon as it was
 * read, so the next run goes on where this one ended, however it ended. Throws the signal's reason.
 */
export async function fillIndex(deps: FillIndexDeps, signal: AbortSignal): Promise<FilledIndex> {
  const { index } = deps.preflight;
  const retryBefore = deps.clock.now() - retryUnreadableMs;
  let read = 0;
  let unreadable = 0;
  for (;;) {
    const wanted = await index.listUnindexed(batchSize, retryBefore);
    const result = await readAll(deps, wanted, signal);
    read += result.read;
    unreadable += result.unreadable;
    const { outage } = result;
    const isDone = wanted.length < batchSize || read + unreadable >= mostPerRun;
    if (isDone || outage !== undefined) return { read, unreadable, outage };
  }
}

async function readAll(
  deps: FillIndexDeps,
  wanted: readonly UnindexedVersion[],
  signal: AbortSignal,
): Promise<FilledIndex> {
  const result = { read: 0, unreadable: 0, outage: undefined as string | undefined };
  const queue = wanted.values();
  const readOn = async (): Promise<void> => {
    for (const version of queue) {
      if (result.outage !== undefined) return;
      const outcome = await readOne(deps, version, signal);
      if (outcome instanceof Outage) result.outage = outcome.detail;
      else result[outcome]++;
    }
  };
  await Promise.all([readOn(), readOn()]);
  return result;
}

async function readOne(
  { logger, preflight }: FillIndexDeps,
  version: UnindexedVersion,
  signal: AbortSignal,
): Promise<'read' | 'unreadable' | Outage> {
  signal.throwIfAborted();
  try {
    if ((await indexVersion(preflight, version, signal)) !== undefined) return 'read';
    logger.warn('a published version cannot be read', { ...version });
    return 'unreadable';
  } catch (error) {
    if (error instanceof Outage) return error;
    if (!(error instanceof NameRefusal)) throw error;
    const problem = `is not given to us by the registry (${error.detail})`;
    logger.warn('a published version cannot be read', { ...version, problem });
    await preflight.index.saveUnreadable(version, problem);
    return 'unreadable';
  }
}
