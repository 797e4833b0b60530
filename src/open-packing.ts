import { buildPacker } from './adapters/packer/packer.ts';
import { buildSecretScanner } from './adapters/secrets/scanner.ts';
import type { AppDeps } from './open-parts.ts';
import type { PipelineDeps } from './publisher/pipeline.ts';
import type { Store } from './store/store.ts';

/** What makes tarballs out of staged files, and looks into them. */
export interface Packing {
  readonly deps: Pick<PipelineDeps, 'packer' | 'secrets'>;
  /** Starts the threads, so that the first package does not wait for their imports. */
  warm(): void;
  stop(): Promise<void>;
}

export function openPacking({ logger }: AppDeps, { fingerprintKey }: Store): Packing {
  const packer = buildPacker({ threads: 2, timeoutMs: 5 * 60_000, memoryMb: 512, logger });
  const secrets = buildSecretScanner({
    threads: 1,
    timeoutMs: 2 * 60_000,
    memoryMb: 256,
    fingerprintKey,
    logger,
  });
  return {
    deps: { packer, secrets },
    warm: () => {
      packer.warm();
      secrets.warm();
    },
    stop: async () => {
      await packer.stop();
      await secrets.stop();
    },
  };
}
