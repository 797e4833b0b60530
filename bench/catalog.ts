import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startGitHost } from '../sandbox/git-host.ts';
import { startFlags } from '../sandbox/process.ts';
import { commitFiles } from '../sandbox/unity-repository.ts';
import type { CatalogRun } from './catalog-run.ts';

const run = promisify(execFile);
const repositories = 20;
const viewsSampled = 8;

interface Counts {
  readonly requests: number;
  readonly notModified: number;
  readonly bytes: number;
}

export interface CatalogResult {
  readonly packages: number;
  readonly cold: CatalogRun & Counts;
  readonly unchanged: CatalogRun & Counts;
  /** Time of running `npm view` for every package one after the other, extrapolated from a sample. */
  readonly viewSeconds: number;
}

const nameOf = (index: number): string => `com.studio.p${index}`;

/**
 * Measures /unpublished over this many packages of twenty repositories: the first time, and again when nothing
 * changed.
 */
export async function measureCatalog(packages: number): Promise<CatalogResult> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-catalog-'));
  const host = await startGitHost({ folder: join(folder, 'git') });
  const registry = spawn(process.execPath, [fileURLToPath(new URL('many-names.ts', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [chunk] = (await once(registry.stdout, 'data')) as [Buffer];
    const registryUrl = chunk.toString().trim();
    const slugs = await makeRepositories(host, packages);
    const file = join(folder, 'repositories.json');
    const entries = slugs.map((slug) => ({ url: `${host.url}/${slug}`, status: 'active' }));
    await writeFile(file, JSON.stringify({ repositories: entries }));
    const env = {
      PATH: process.env['PATH'],
      DATA_DIR: join(folder, 'data'),
      DISPATCH_SECRET: 'sandbox-dispatch-secret',
      GITHUB_TOKEN: 'sandbox-git-token',
      GITHUB_SERVER_URL: host.url,
      GITHUB_API_URL: host.url,
      GITHUB_OWNERS: 'studio',
      REPOSITORIES_FILE: file,
      UPM_REGISTRY: registryUrl,
      NPM_TOKEN: 'sandbox-npm-token',
      PACKAGE_SCOPES: 'com.studio',
    };
    const look = async (): Promise<CatalogRun & Counts> => {
      const script = fileURLToPath(new URL('catalog-run.ts', import.meta.url));
      const { stdout } = await run(process.execPath, [...startFlags, script], {
        env,
      });
      return { ...(JSON.parse(stdout) as CatalogRun), ...(await readCounts(registryUrl)) };
    };
    const cold = await look();
    const unchanged = await look();
    return { packages, cold, unchanged, viewSeconds: await measureViews(packages, registryUrl, folder) };
  } finally {
    registry.kill();
    await host.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function readCounts(registryUrl: string): Promise<Counts> {
  return (await (await fetch(`${registryUrl}-/counts`)).json()) as Counts;
}

async function makeRepositories(
  host: Awaited<ReturnType<typeof startGitHost>>,
  packages: number,
): Promise<readonly string[]> {
  const slugs: string[] = [];
  for (let at = 0; at < repositories; at++) {
    const slug = `studio/r${at}`;
    const bare = await host.createRepository(slug);
    const files: Record<string, string> = {};
    for (let index = at; index < packages; index += repositories) {
      const version = index % 10 === 0 ? '1.20.0' : '1.19.0';
      files[`Packages/p${index}/package.json`] = JSON.stringify({
        name: nameOf(index),
        version,
        unity: '2022.3',
      });
    }
    commitFiles(bare, { files });
    slugs.push(slug);
  }
  return slugs;
}

async function measureViews(packages: number, registryUrl: string, folder: string): Promise<number> {
  const began = performance.now();
  for (let index = 0; index < viewsSampled; index++) {
    const flags = ['--registry', registryUrl, '--cache', join(folder, 'npm'), '--json'];
    await run('npm', ['view', nameOf(index), 'versions', ...flags]);
  }
  return ((performance.now() - began) / 1000 / viewsSampled) * packages;
}

const columns = [
  'packages',
  'look',
  'requests',
  '304',
  'KB',
  's',
  'MB',
  'npm view ÷ ours',
  'list ms',
  'complete p99 ms',
];

export function renderCatalog(results: readonly CatalogResult[]): string {
  const rows = results.flatMap((result) => [
    renderLook(result, 'cold', result.cold),
    renderLook(result, 'unchanged', result.unchanged),
  ]);
  const all = [columns, ...rows];
  const widths = columns.map((_, index) => Math.max(...all.map((row) => row[index]?.length ?? 0)));
  return all.map((row) => row.map((cell, index) => cell.padStart(widths[index] ?? 0)).join('  ')).join('\n');
}

function renderLook(result: CatalogResult, name: string, look: CatalogRun & Counts): readonly string[] {
  return [
    String(result.packages),
    name,
    String(look.requests),
    String(look.notModified),
    String(Math.round(look.bytes / 1024)),
    look.refreshSeconds.toFixed(2),
    look.peakMb.toFixed(0),
    (result.viewSeconds / look.refreshSeconds).toFixed(0),
    look.listMs.toFixed(0),
    look.suggestP99Ms.toFixed(1),
  ];
}
