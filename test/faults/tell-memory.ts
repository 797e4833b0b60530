import { isMainThread } from 'node:worker_threads';
import { askSignal } from './memory-signal.ts';

/** Loaded into the process by NODE_OPTIONS: at the signal it collects garbage and logs the remaining memory. */
if (isMainThread) {
  process.on(askSignal, () => {
    // Collects twice: once for garbage, once for what only that garbage referred to.
    globalThis.gc?.();
    globalThis.gc?.();
    const { heapUsed, external, rss } = process.memoryUsage();
    const line = { msg: 'memory', pid: process.pid, heapBytes: heapUsed + external, residentBytes: rss };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  });
}
