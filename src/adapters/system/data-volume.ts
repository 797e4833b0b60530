import { rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, PublishError } from '../../domain/failure/failure.ts';
import type { Volume } from '../../ports/system.ts';
import { onDisk } from './disk-trouble.ts';

export interface VolumeSpace {
  readonly freeBytes: number;
  readonly totalBytes: number;
}

export interface VolumeOptions {
  /** DATA_DIR. */
  readonly folder: string;
  /** Space of the volume; measured with `statfs` by default. */
  readonly measure?: (folder: string) => Promise<VolumeSpace>;
}

const mebibyte = 1024 * 1024;
/**
 * Space that must stay free (or a twentieth of the volume, if smaller), so that the database can record what became of
 * a job.
 */
const leftFreeBytes = 256 * mebibyte;
const leftFreeShare = 1 / 20;
/** Not empty, because some volumes allow a file to be created but not to be filled. */
const sample = Buffer.alloc(4_096, 1);

export function buildDataVolume({ folder, measure = measureVolume }: VolumeOptions): Volume {
  const file = join(folder, 'volume-check');
  return {
    check: async () =>
      onDisk(async () => {
        const { freeBytes, totalBytes } = await measure(folder);
        if (freeBytes < Math.min(leftFreeBytes, totalBytes * leftFreeShare)) {
          throw new PublishError(failure('disk-full', {}));
        }
        await writeFile(file, sample);
        await rm(file, { force: true });
      }),
  };
}

async function measureVolume(folder: string): Promise<VolumeSpace> {
  const { bavail, blocks, bsize } = await statfs(folder);
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}
