import { enableCompileCache, flushCompileCache } from 'node:module';
import { workerData } from 'node:worker_threads';

/** The data with which a thread of the worker pool starts. */
export interface WorkerStart {
  /** `file:` URL of the module that answers tasks. */
  readonly module: string;
  /**
   * Folder of the process's compile cache; undefined when it has none. A thread does not inherit the cache by itself.
   */
  readonly compileCache: string | undefined;
}

// Messages that arrive during the import wait at the port until the module listens.
const { module, compileCache } = workerData as WorkerStart;
if (compileCache !== undefined) enableCompileCache(compileCache);
await import(module);
flushCompileCache();
