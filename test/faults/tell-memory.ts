import { isMainThread } from 'node:worker_threads';
import { askSignal } from './memory-signal.ts';

/** Loaded into the process by NODE_OPTIONS: at the signal it collects what is garbage and tells what is left, as a line of its log. */
if (isMainThread) {
  process.on(askSignal, () => {
    // Once for what is garbage, once for what only that garbage held on to.
    globalThis.gc?.();
    globalThis.gc?.();
    const { heapUsed, external, rss } = process.memoryUsage();
    const line = { msg: 'memory', pid: process.pid, heapBytes: heapUsed + external, residentBytes: rss };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  });
}
