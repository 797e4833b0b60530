import type { OwedEntry } from '../../ports/write-backs.ts';
import { type WriteBackDeps, type WriteBackGroup, writeBack } from './write-back.ts';

export interface WriteBackLoop {
  start(): void;
  /** Something may be owed now. */
  wake(): void;
  /** Lets a commit that is under way end. */
  stop(): Promise<void>;
}

const idleMs = 30_000;
const batch = 500;

/** Pays what is owed to repositories, when it is due and as long as it takes. */
export function buildWriteBackLoop(deps: WriteBackDeps): WriteBackLoop {
  return new OwedWriteBacks(deps);
}

/** One commit per dispatch and branch, oldest first. */
export async function payOwed(deps: WriteBackDeps, signal: AbortSignal): Promise<void> {
  for (const group of groupEntries(await deps.owed.listDue(batch))) await writeBack(deps, group, signal);
}

class OwedWriteBacks implements WriteBackLoop {
  readonly #deps: WriteBackDeps;
  readonly #stopping = new AbortController();
  #interrupt = new AbortController();
  #loop: Promise<void> | undefined;

  constructor(deps: WriteBackDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  wake(): void {
    this.#interrupt.abort();
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('stopping'));
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { clock, logger } = this.#deps;
    const stopping = this.#stopping.signal;
    while (!stopping.aborted) {
      this.#interrupt = new AbortController();
      try {
        await payOwed(this.#deps, stopping);
      } catch (error) {
        if (!stopping.aborted) logger.error('changelogs that are owed could not be read', { error });
      }
      const signal = AbortSignal.any([this.#interrupt.signal, stopping]);
      await clock.sleep(idleMs, signal).catch(() => undefined);
    }
  }
}

function groupEntries(entries: readonly OwedEntry[]): readonly WriteBackGroup[] {
  const groups = Map.groupBy(entries, (item) => `${item.repositoryId} ${item.job} ${item.entry.branch}`);
  return [...groups.values()].flatMap((items) => {
    const [first] = items;
    if (first === undefined) return [];
    const { repositoryId, slug, entry } = first;
    return [{ repositoryId, slug, branch: entry.branch, entries: items }];
  });
}
