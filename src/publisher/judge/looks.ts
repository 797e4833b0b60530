import pLimit from 'p-limit';
import { failure, PublishError } from '../../domain/failure/failure.ts';
import type { Repository } from '../../domain/repository/repository.ts';
import type { Clock } from '../../ports/clock.ts';
import type { HeadLook, LookMarks } from '../../ports/judgements.ts';
import type { Logger } from '../../ports/logger.ts';

/** Every look at a commit that the process takes on its own account goes through here. */
export interface Looks extends Pick<LookMarks, 'listSuspected' | 'listLeftAlone' | 'lift'> {
  /**
   * Marks the look for as long as it takes. If a process died during the same look, no other look runs beside it.
   * Throws PublishError head-left-alone when two processes died during it, and what `work` throws.
   */
  take<T>(look: TakenLook, work: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

export interface TakenLook extends Omit<HeadLook, 'repositoryId'> {
  readonly repository: Pick<Repository, 'id' | 'slug'>;
}

interface LooksDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly marks: LookMarks;
}

const pollMs = 200;
/** How long a suspected look waits for looks and jobs that already run. */
const patienceMs = 60_000;

export function buildLooks(deps: LooksDeps): Looks {
  const { marks } = deps;
  const oneByOne = pLimit(1);
  const company = buildCompany(deps);
  return {
    listSuspected: async () => marks.listSuspected(),
    listLeftAlone: async () => marks.listLeftAlone(),
    lift: async (id, by) => marks.lift(id, by),
    take: async ({ repository: { id: repositoryId, slug }, commit, place, kind }, work, signal) => {
      const look: HeadLook = { repositoryId, commit, place, kind };
      const marked = async (): ReturnType<typeof work> => mark(deps, look, work);
      const verdict = await marks.judge(look);
      if (verdict === 'left-alone') {
        throw new PublishError(failure('head-left-alone', { repository: slug, commit }));
      }
      if (verdict === 'trusted') return company.join(marked);
      return oneByOne(async () => company.leave(marked, signal));
    },
  };
}

async function mark<T>({ logger, marks }: LooksDeps, look: HeadLook, work: () => Promise<T>): Promise<T> {
  await marks.begin(look);
  const end = async (isHarmless: boolean): Promise<void> =>
    marks
      .end(look, isHarmless)
      .catch((error: unknown) => logger.warn('the end of a look was not written down', { error }));
  try {
    const result = await work();
    await end(true);
    return result;
  } catch (error) {
    // A look that a neighbour or the end of the process cut short does not count as harmless.
    await end(error instanceof PublishError);
    throw error;
  }
}

interface Company {
  /** Runs work beside any other work that joined. */
  join<T>(work: () => Promise<T>): Promise<T>;
  /** Runs work alone, once the others ended or patience ran out; nobody joins meanwhile. One at a time. */
  leave<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

function buildCompany({ clock, marks }: LooksDeps): Company {
  let joined = 0;
  let alone: Promise<void> | undefined;
  return {
    join: async (work) => {
      while (alone !== undefined) await alone;
      joined += 1;
      try {
        return await work();
      } finally {
        joined -= 1;
      }
    },
    leave: async (work, signal) => {
      const since = clock.monotonic();
      while ((await marks.isJobRunning()) || joined > 0) {
        if (clock.monotonic() - since > patienceMs) break;
        await clock.sleep(pollMs, signal);
      }
      signal.throwIfAborted();
      const done = Promise.withResolvers<void>();
      alone = done.promise;
      try {
        return await work();
      } finally {
        alone = undefined;
        done.resolve();
      }
    },
  };
}

/** Sorts repositories with a look during which a process died to the end. */
export function putLast<T extends Pick<Repository, 'id'>>(
  repositories: readonly T[],
  suspected: ReadonlySet<Repository['id']>,
): readonly T[] {
  return repositories.toSorted((a, b) => Number(suspected.has(a.id)) - Number(suspected.has(b.id)));
}
