import type { Mirror } from './mirrors.ts';
import { ObjectReader } from './object-reader.ts';

/** A job reads in several short steps; one process serves them all. */
const idleMs = 10_000;

export interface Readers {
  /**
   * Runs `work` on a reader that nobody else uses meanwhile. `work` reads all that it requests. Throws the signal's
   * reason, or what `work` throws; the reader is gone then.
   */
  use<T>(mirror: Mirror, signal: AbortSignal, work: (reader: ObjectReader) => Promise<T>): Promise<T>;
  stop(): void;
}

/** Processes that read mirrors, kept for a moment after use. */
export function openReaders(env: Readonly<Record<string, string>>): Readers {
  return new ReaderPool(env);
}

interface Idle {
  readonly folder: string;
  readonly generation: number;
  readonly reader: ObjectReader;
  readonly timer: NodeJS.Timeout;
}

class ReaderPool implements Readers {
  readonly #env: Readonly<Record<string, string>>;
  readonly #idle = new Set<Idle>();
  #isStopped = false;

  constructor(env: Readonly<Record<string, string>>) {
    this.#env = env;
  }

  async use<T>(mirror: Mirror, signal: AbortSignal, work: (reader: ObjectReader) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const { folder, generation } = mirror;
    const reader = this.#take(mirror);
    const kill = (): void => reader.kill();
    signal.addEventListener('abort', kill);
    try {
      const result = await work(reader);
      signal.throwIfAborted();
      this.#keep(folder, generation, reader);
      return result;
    } catch (error) {
      reader.kill();
      throw signal.aborted ? signal.reason : error;
    } finally {
      signal.removeEventListener('abort', kill);
    }
  }

  stop(): void {
    this.#isStopped = true;
    for (const item of this.#idle) this.#end(item);
  }

  #take({ folder, generation }: Mirror): ObjectReader {
    for (const item of this.#idle) {
      if (item.folder !== folder) continue;
      // One that was opened before the mirror was made anew still reads the removed one.
      if (item.generation !== generation || !item.reader.isRunning) this.#end(item);
      else {
        clearTimeout(item.timer);
        this.#idle.delete(item);
        return item.reader;
      }
    }
    return new ObjectReader(folder, this.#env);
  }

  #keep(folder: string, generation: number, reader: ObjectReader): void {
    const timer = setTimeout(() => this.#end(item), idleMs).unref();
    const item: Idle = { folder, generation, reader, timer };
    this.#idle.add(item);
    if (this.#isStopped) this.#end(item);
  }

  #end(item: Idle): void {
    clearTimeout(item.timer);
    this.#idle.delete(item);
    item.reader.kill();
  }
}
