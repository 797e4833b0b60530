import { execFileSync } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { World, type WorldOptions } from '../../sandbox/world.ts';

/** A mounted volume below a folder, for tests that fill it. */
export interface SmallVolume {
  readonly folder: string;
  /** Takes all the room that is left, to the last byte, in one go so that nothing comes in between. */
  fill(): void;
  /** Frees that room again. */
  free(): Promise<void>;
  unmount(): Promise<void>;
}

/** Mounts an empty volume on the folder; returns why that is not permitted, if it is not. */
export async function mountVolume(folder: string, megabytes: number): Promise<SmallVolume | string> {
  await mkdir(folder, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'pipe' });
  } catch (error) {
    return `no small volume can be mounted: ${String((error as { stderr?: Buffer }).stderr).trim()}`;
  }
  const ballast = join(folder, 'ballast');
  return {
    folder,
    fill: () => fillWith(ballast),
    free: async () => rm(ballast, { force: true }),
    unmount: async () => void execFileSync('umount', ['--lazy', folder]),
  };
}

function fillWith(ballast: string): void {
  const file = openSync(ballast, 'a');
  try {
    for (const bytes of [1_048_576, 65_536, 4_096, 1]) writeUntilFull(file, Buffer.alloc(bytes, 1));
  } finally {
    closeSync(file);
  }
}

function writeUntilFull(file: number, chunk: Buffer): void {
  for (;;) {
    try {
      if (writeSync(file, chunk) === 0) return;
    } catch (error) {
      if ((error as { code?: string }).code === 'ENOSPC') return;
      throw error;
    }
  }
}

export interface VolumeWorld {
  readonly world: World;
  readonly volume: SmallVolume;
}

/**
 * Runs the work in a world whose DATA_DIR is a volume of this size; returns why there can be no such volume, if there
 * cannot.
 */
export async function onSmallVolume(
  megabytes: number,
  options: WorldOptions,
  work: (world: VolumeWorld) => Promise<void>,
): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'upm-volume-'));
  const volume = await mountVolume(join(folder, 'data'), megabytes);
  try {
    if (typeof volume === 'string') return volume;
    const world = await World.start({ ...options, folder });
    try {
      await work({ world, volume });
    } finally {
      await world.stop();
    }
  } finally {
    if (typeof volume !== 'string') await volume.unmount();
    await rm(folder, { recursive: true, force: true });
  }
  return undefined;
}
