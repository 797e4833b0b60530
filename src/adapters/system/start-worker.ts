import { enableCompileCache, flushCompileCache } from 'node:module';
import { workerData } from 'node:worker_threads';

/** What a thread of the worker pool is started with. */
export interface WorkerStart {
  /** The module that answers tasks, as a `file:` URL. */
  readonly module: string;
  /** Where the process keeps compiled modules; undefined when it keeps none. A thread does not take that over by itself. */
  readonly compileCache: string | undefined;
}

// What is asked meanwhile waits at the port until the module listens.
const { module, compileCache } = workerData as WorkerStart;
if (compileCache !== undefined) enableCompileCache(compileCache);
await import(module);
flushCompileCache();
