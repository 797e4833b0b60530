import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A package in the consumer's node_modules. */
export interface Installed {
  readonly name: string;
  readonly version: string;
  /** Integrity that npm wrote to its lockfile after checking the bytes. */
  readonly integrity: string;
}

/** Runs `npm install <name>@<version> --registry …` in an empty folder, with npm's own defaults and an empty cache. */
export async function installWithNpm(
  name: string,
  version: string,
  registry: string,
): Promise<readonly Installed[]> {
  const folder = await mkdtemp(join(tmpdir(), 'plain-npm-'));
  try {
    const project = join(folder, 'project');
    await mkdir(project);
    await writeFile(join(project, 'package.json'), '{"name":"consumer","version":"1.0.0","private":true}');
    const args = ['install', `${name}@${version}`, '--registry', registry, '--no-audit', '--no-fund'];
    await runNpm(args, project, {
      npm_config_cache: join(folder, 'cache'),
      npm_config_userconfig: join(folder, 'npmrc'),
    });
    const lock = JSON.parse(await readFile(join(project, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { version?: string; integrity?: string }>;
    };
    const entries = Object.entries(lock.packages).filter(([path]) => path.startsWith('node_modules/'));
    return entries.map(([path, { version = '', integrity = '' }]) => ({
      name: path.slice('node_modules/'.length),
      version,
      integrity,
    }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs `npm publish <folder>`, as a pipeline that uses npm itself would. */
export async function publishWithNpm(
  folder: string,
  { registry, token, tag = 'latest' }: { registry: string; token: string; tag?: string },
): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'plain-npm-'));
  try {
    const { host, pathname } = new URL(registry);
    await writeFile(join(home, 'npmrc'), `//${host}${pathname}:_authToken=${token}\n`);
    await runNpm(['publish', folder, '--registry', registry, '--tag', tag, '--ignore-scripts'], home, {
      npm_config_cache: join(home, 'cache'),
      npm_config_userconfig: join(home, 'npmrc'),
    });
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function runNpm(args: readonly string[], cwd: string, extra: Record<string, string>): Promise<void> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: cwd, ...extra };
  const child = spawn('npm', args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0)
    throw new Error(`npm ${args.join(' ')} ended with ${String(code)}:\n${Buffer.concat(output).toString()}`);
}
