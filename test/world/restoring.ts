import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { World } from '../../sandbox/world.ts';

const startFile = fileURLToPath(new URL('../../src/start.mjs', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly text: string;
}

/** `npm run restore` on the world's data, with nothing but the one setting that it needs. */
export async function restore(world: World, ...args: readonly string[]): Promise<Ended> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', startFile, './cli/restore.ts', ...args],
    {
      env: { PATH: process.env['PATH'] ?? '', DATA_DIR: join(world.folder, 'data') },
      cwd: world.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, text: Buffer.concat(chunks).toString('utf8') };
}
