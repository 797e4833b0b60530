import type { Pictures } from '../../../ports/chat.ts';
import type { Logger } from '../../../ports/logger.ts';
import { buildWorkerPool } from '../../system/worker-pool.ts';

const timeoutMs = 10_000;
const memoryMb = 64;

/** Draws in a worker thread that starts with the first picture and ends after a while without pictures. */
export function buildPictures(logger: Logger): Pictures & { stop(): Promise<void> } {
  const file = new URL('./picture-worker.ts', import.meta.url);
  const pool = buildWorkerPool({ file, threads: 1, timeoutMs, memoryMb });
  return {
    draw: async (svg, signal) => {
      try {
        // The worker is our own code and always answers with bytes.
        return (await pool.run(svg, signal)) as Uint8Array;
      } catch (error) {
        logger.error('a picture could not be drawn', { error });
        return undefined;
      }
    },
    stop: async () => pool.stop(),
  };
}
