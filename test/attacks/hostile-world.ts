import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type CommitOptions, unityPackage } from '../../sandbox/unity-repository.ts';
import { type JobShown, World } from '../../sandbox/world.ts';
import { findPlanted, type Planted } from './planted.ts';

export interface HostileWorld {
  readonly world: World;
  /** A file of the host that no repository may read or write; it holds a planted text. */
  readonly hostFile: string;
  /** The folder of `hostFile`. */
  readonly hostFolder: string;
  /** A file that exists only if something of a repository was run. */
  readonly marker: string;
  /** Address of a server that nobody has a reason to call. */
  readonly canaryUrl: string;
  /** Pushes, waits for the job, and checks that nothing ran, nothing leaked, and that the next job publishes. */
  attack(options: CommitOptions, repository?: string): Promise<JobShown>;
  /** Does the same as `attack` for a commit that is already pushed. */
  attackWith(commit: string, repository?: string): Promise<JobShown>;
  stop(): Promise<void>;
}

const hostText = 'PLANTED-HOST-FILE-5f1c';
const envText = 'PLANTED-ENVIRONMENT-9d27';

/** Starts a studio with things to steal: a host file, an environment variable, and a server to send them to. */
export async function startHostileWorld(
  repositories: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<HostileWorld> {
  const hostFolder = await mkdtemp(join(tmpdir(), 'upm-host-'));
  const hostFile = join(hostFolder, 'host.txt');
  const marker = join(hostFolder, 'ran', 'marker');
  await mkdir(join(hostFolder, 'ran'));
  await writeFile(hostFile, hostText);
  const canary = await startCanary();
  const world = await World.start({
    repositories: [{ slug: 'studio/normal' }, ...repositories.map((slug) => ({ slug }))],
    env: { ...env, STUDIO_PLANTED: envText },
  });
  const { pid } = world.process;
  const passwd = (await readFile('/etc/passwd', 'utf8')).split('\n')[0] ?? '';
  const planted = { hostText, envText, passwd };
  let normal = 0;

  async function publishNormal(): Promise<void> {
    normal += 1;
    const files = unityPackage('com.studio.normal', `1.0.${normal}`);
    const job = await world.publish({ files }, { repository: 'studio/normal' });
    expect(job.status).toBe('published');
    expect(world.process.pid).toBe(pid);
    expect(existsSync(`/proc/${pid}`)).toBe(true);
  }

  async function attackWith(commit: string, repository = world.slug): Promise<JobShown> {
    const { id } = await world.dispatch(commit, { repository });
    const job = await world.finished(id);
    await publishNormal();
    expect(existsSync(marker), 'something of the repository was run').toBe(false);
    expect(await readFile(hostFile, 'utf8')).toBe(hostText);
    expect(canary.requests).toEqual([]);
    await expectNothingPlanted(world, planted, JSON.stringify(await world.report(id)));
    return job;
  }

  return {
    world,
    hostFile,
    hostFolder,
    marker,
    canaryUrl: canary.url,
    attack: async (options, repository = world.slug) =>
      attackWith(world.push(options, repository), repository),
    attackWith,
    stop: async () => {
      await world.stop();
      await canary.stop();
      await rm(hostFolder, { recursive: true, force: true });
    },
  };
}

async function expectNothingPlanted(world: World, planted: Planted, report: string): Promise<void> {
  const registry = await findPlanted(join(world.folder, 'registry', 'storage'), planted);
  const data = await findPlanted(join(world.folder, 'data'), planted);
  expect([...registry, ...data]).toEqual([]);
  for (const [name, text] of Object.entries(planted)) {
    expect(report.includes(text), `the report holds ${name}`).toBe(false);
    expect(world.process.output().includes(text), `the log holds ${name}`).toBe(false);
  }
}

async function startCanary(): Promise<{ url: string; requests: string[]; stop(): Promise<void> }> {
  const requests: string[] = [];
  const server: Server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    requests,
    stop: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
