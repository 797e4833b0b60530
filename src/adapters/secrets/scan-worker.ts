import { parentPort } from 'node:worker_threads';
import { scanFiles } from './scan-files.ts';
import type { ScanReply, ScanTask } from './scan-task.ts';

async function scan(task: ScanTask): Promise<ScanReply> {
  try {
    const started = performance.now();
    const scanned = await scanFiles(task);
    return { kind: 'scanned', ...scanned, spentMs: performance.now() - started };
  } catch (error) {
    // Only the code is passed on: the message could quote the searched text.
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return { kind: 'failed', code };
  }
}

parentPort?.on('message', (task: ScanTask) => {
  void scan(task).then((reply) => parentPort?.postMessage(reply));
});
