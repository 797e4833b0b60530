import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { readProject, root } from '../source-files.ts';

const { scripts } = JSON.parse(readProject('package.json')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

export interface Ended {
  readonly code: number | null;
  /** Output of stdout and stderr. */
  readonly text: string;
}

/** Runs `npm run <script>` in this folder with only these settings. */
export async function runCommand(
  script: string,
  { folder, env }: { readonly folder: string; readonly env: Readonly<Record<string, string>> },
  args: readonly string[],
): Promise<Ended> {
  const [, ...words] = (scripts[script] ?? '').split(' ');
  const started = words.map((word) => (word === 'src/start.mjs' ? join(root, word) : word));
  const child = spawn(process.execPath, [...started, ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, text: Buffer.concat(chunks).toString('utf8') };
}
