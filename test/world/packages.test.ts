import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gitSync } from '../../sandbox/git-sync.ts';
import {
  folderMeta,
  meta,
  type TreeFile,
  type TreeFiles,
  unityPackage,
} from '../../sandbox/unity-repository.ts';
import { type JobShown, World } from '../../sandbox/world.ts';
import { describeManyPackages, many } from './many-packages.ts';
import { outcomesOf, packageOf, uploadsAt } from './report-reading.ts';

let world: World;

beforeAll(async () => {
  const slugs = ['studio/other', 'studio/tidy', many];
  world = await World.start({ repositories: slugs.map((slug) => ({ slug })) });
});

afterAll(async () => world.stop());

/** Adds metas for all folders, because a package at the root contains all of them. */
function withFolderMetas(files: TreeFiles): TreeFiles {
  const metas: Record<string, string> = {};
  for (const path of Object.keys(files)) {
    for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1)) {
      const folder = path.slice(0, cut);
      metas[`${folder}.meta`] = folderMeta(folder);
    }
  }
  return { ...metas, ...files };
}

function edit(files: Record<string, TreeFile>, path: string, change: (text: string) => string): void {
  const text = files[path];
  if (typeof text !== 'string') throw new Error(`${path} is not a text`);
  files[path] = change(text);
}

describe('a repository that the git host has tidied up', () => {
  it('publishes, and publishes again after the next push', async () => {
    const files = unityPackage('com.studio.tidy', '1.0.0');
    const first = world.push({ files }, 'studio/tidy');
    gitSync(['-C', world.bareOf('studio/tidy'), 'gc', '--quiet']);
    const { id } = await world.dispatch(first, { repository: 'studio/tidy' });
    expect(await world.finished(id)).toMatchObject({ status: 'published' });
    const second = world.push({ files: unityPackage('com.studio.tidy', '1.0.1') }, 'studio/tidy');
    gitSync(['-C', world.bareOf('studio/tidy'), 'gc', '--quiet']);
    const next = await world.dispatch(second, { repository: 'studio/tidy' });
    expect(await world.finished(next.id)).toMatchObject({ status: 'published' });
  });
});

describe('one commit with many kinds of packages', () => {
  const folders = {
    'com.studio.core': 'Packages/with space',
    'com.studio.net': `Packages/it's "quoted"`,
    'com.studio.rnd': 'Packages/R&D (50%)',
    'com.studio.world': 'Packages/größe-日本語',
    'com.studio.bom': 'Packages/bom',
    'com.studio.crlf': 'Packages/crlf',
  } as const;
  const dependencies: Readonly<Record<string, readonly string[]>> = {
    'com.studio.core': [],
    'com.studio.net': ['com.studio.core'],
    'com.studio.rnd': ['com.studio.net'],
    'com.studio.world': ['com.studio.rnd'],
    'com.studio.bom': ['com.studio.world'],
    'com.studio.crlf': ['com.studio.bom', 'com.studio.core'],
    'com.studio.app': ['com.studio.crlf', 'com.studio.rnd'],
  };
  const versions = (names: readonly string[]): Record<string, string> =>
    Object.fromEntries(names.map((name) => [name, '1.0.0']));
  let job: JobShown;

  function commitFiles(): TreeFiles {
    const root = unityPackage('com.studio.app', '1.0.0', {
      dependencies: versions(dependencies['com.studio.app'] ?? []),
    });
    const rest = Object.entries(folders).map(([name, folder]) =>
      unityPackage(name, '1.0.0', { folder, dependencies: versions(dependencies[name] ?? []) }),
    );
    const files: Record<string, TreeFile> = { ...root, ...Object.assign({}, ...rest) };
    // Leaves the other folders out of the root package: nobody on Windows could unpack the one in quotes.
    files['.npmignore'] = '/Packages/\n';
    edit(files, 'Packages/bom/package.json', (text) => `\uFEFF${text}`);
    edit(files, 'Packages/crlf/package.json', (text) => text.replaceAll('\n', '\r\n'));
    Object.assign(
      files,
      unityPackage('com.studio.secret', '1.0.0', { folder: 'Packages/secret', manifest: { private: true } }),
      unityPackage('com.studio.agent', '1.0.0', { folder: '.claude/skills/agent' }),
      unityPackage('com.elsewhere.tool', '1.0.0', { folder: 'Packages/tool' }),
      unityPackage('com.unity.fork', '1.0.0', { folder: 'Packages/fork' }),
      unityPackage('com.studio.theirs', '2.0.0', { folder: 'Packages/theirs' }),
      {
        'Packages/web/package.json': '{"name":"web-tools","version":"1.0.0"}',
        'Packages/web/package.json.meta': meta('web'),
      },
      unityPackage('com.studio.sample', '1.0.0', { folder: 'Samples~/sample' }),
    );
    return withFolderMetas(files);
  }

  beforeAll(async () => {
    await world.publish(
      { files: unityPackage('com.studio.theirs', '1.0.0') },
      { repository: 'studio/other' },
    );
    world.proxy.clear();
    job = await world.publish({ files: commitFiles() });
  });

  it('publishes every one of ours and calls the job published', () => {
    expect(job).toMatchObject({ status: 'published', failure: null, attempts: 1 });
    const ours = Object.keys(dependencies);
    const published = job.packages.filter((item) => item.outcome === 'published').map(({ name }) => name);
    expect(published.toSorted()).toEqual(ours.toSorted());
  });

  it('uploads each once, dependencies before their dependents', () => {
    const order = uploadsAt(world);
    expect(order.toSorted()).toEqual(Object.keys(dependencies).toSorted());
    for (const [name, needed] of Object.entries(dependencies)) {
      for (const dependency of needed) {
        expect(order.indexOf(dependency), `${dependency} before ${name}`).toBeLessThan(order.indexOf(name));
      }
    }
  });

  it('reports the integrity that the registry shows, and the folder as it is written', async () => {
    for (const [name, folder] of [...Object.entries(folders), ['com.studio.app', ''] as const]) {
      const packument = await world.packument(name);
      const item = packageOf(job, name);
      expect(item).toMatchObject({ path: folder, version: '1.0.0', distTag: 'latest', reason: null });
      expect(item.integrity).toMatch(/^sha512-/);
      expect(packument?.versions['1.0.0']?.dist.integrity).toBe(item.integrity);
      expect(packument?.['dist-tags']).toEqual({ latest: '1.0.0' });
    }
  });

  it('warns about a byte order mark, once', () => {
    const told = (name: string) => JSON.stringify(packageOf(job, name)).split('byte order mark').length - 1;
    expect([told('com.studio.bom'), told('com.studio.crlf')]).toEqual([1, 0]);
    expect(packageOf(job, 'com.studio.bom').warnings).toEqual([]);
  });

  it.each([
    ['com.studio.secret', 'It is marked "private"'],
    ['com.elsewhere.tool', 'Its name is outside the scopes (com.studio)'],
    ['com.unity.fork', 'Names under com.unity belong to Unity'],
    ['com.studio.theirs', 'studio/other owns this name'],
    ['web-tools', 'Not a Unity package: it is not named like a Unity package (com.company.package)'],
  ])('lists %s as excluded: %s', async (name, title) => {
    expect(packageOf(job, name)).toMatchObject({ outcome: 'excluded', title, reason: null, integrity: null });
    expect(uploadsAt(world)).not.toContain(name);
  });

  it('leaves the name of another repository as that repository published it', async () => {
    expect(Object.keys((await world.packument('com.studio.theirs'))?.versions ?? {})).toEqual(['1.0.0']);
  });

  it.each(['com.studio.agent', 'com.studio.sample'])(
    'does not even look at %s in a hidden folder',
    async (name) => {
      expect(outcomesOf(job)).not.toHaveProperty([name]);
      expect(world.proxy.requests().some(({ path }) => path.includes(name))).toBe(false);
    },
  );

  it('gives plain npm an installable package with all its dependencies', async () => {
    const prefix = await mkdtemp(join(tmpdir(), 'upm-install-'));
    try {
      const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--cache', join(prefix, 'cache')];
      const args = ['install', 'com.studio.app', '--registry', world.registry.url, '--prefix', prefix];
      await promisify(execFile)('npm', [...args, ...flags]);
      const lock = JSON.parse(await readFile(join(prefix, 'package-lock.json'), 'utf8')) as {
        packages: Record<string, { integrity?: string }>;
      };
      for (const name of Object.keys(dependencies)) {
        expect(lock.packages[`node_modules/${name}`]?.integrity).toBe(packageOf(job, name).integrity);
        const manifest = await readFile(join(prefix, 'node_modules', name, 'package.json'), 'utf8');
        expect(manifest).toContain(`"name": "${name}"`);
      }
    } finally {
      await rm(prefix, { recursive: true, force: true });
    }
  });
});

describeManyPackages(() => world, 12);
