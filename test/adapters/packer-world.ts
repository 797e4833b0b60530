import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { buildPacker } from '../../src/adapters/packing/packer.ts';
import type { Packed, Packer } from '../../src/ports/packing.ts';
import { silent } from './registry-fixtures.ts';

export const mebibyte = 1024 * 1024;
export const never = new AbortController().signal;
export const manifest = { name: 'com.studio.tool', version: '1.0.0' };

/** Folder of everything that is staged and packed. */
export interface PackerWorld {
  readonly home: string;
  /** Writes a manifest and these files to a new folder and returns it. */
  stage(files: Readonly<Record<string, string>>): Promise<string>;
  pack(folder: string, fields?: Readonly<Record<string, unknown>>, options?: PackOptions): Promise<Packed>;
  close(): Promise<void>;
}

interface PackOptions {
  readonly by?: Packer;
  readonly maxBytes?: number;
  readonly always?: readonly string[];
  readonly signal?: AbortSignal;
}

export let packer: Packer;
export let world: PackerWorld;

/**
 * Call at the top of a test file: a folder for each of its tests, and one packer for all of them, because it takes
 * longer to start.
 */
export function usePackerWorld(): void {
  beforeAll(() => {
    packer = buildPacker({ threads: 2, timeoutMs: 20_000, memoryMb: 128, logger: silent });
  });
  beforeEach(async () => {
    world = await openPackerWorld();
  });
  afterEach(async () => world.close());
  afterAll(async () => packer.stop());
}

async function openPackerWorld(): Promise<PackerWorld> {
  const home = await mkdtemp(join(tmpdir(), 'packer-test-'));
  let count = 0;
  return {
    home,
    stage: async (files) => {
      count += 1;
      const folder = join(home, `staged-${count}`);
      const all = { 'package.json': JSON.stringify(manifest), ...files };
      for (const [path, contents] of Object.entries(all)) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), contents);
      }
      return folder;
    },
    pack: async (
      folder,
      fields = {},
      { by = packer, maxBytes = 10 * mebibyte, always = [], signal = never } = {},
    ) => {
      await mkdir(join(home, 'out'), { recursive: true });
      count += 1;
      const outFile = join(home, 'out', `${count}.tgz`);
      const whole = { ...manifest, dependencies: {}, fields: { ...manifest, ...fields } };
      return by.pack({ folder, manifest: whole, outFile, maxBytes, always }, signal);
    },
    close: async () => rm(home, { recursive: true, force: true }),
  };
}

export function listTar(file: string): readonly string[] {
  const listed = execFileSync('tar', ['--quoting-style=literal', '-tzf', file], { encoding: 'utf8' });
  return listed.split('\n').filter((line) => line !== '');
}

export function pathsOf(packed: Packed): readonly string[] {
  return packed.entries.map((entry) => entry.path);
}
