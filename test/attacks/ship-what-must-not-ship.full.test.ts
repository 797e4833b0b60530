import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { meta, noise, type TreeFile, type TreeFiles, unityPackage } from '../../sandbox/unity-repository.ts';
import { folderOf } from '../world/releasing.ts';
import { packageOf } from '../world/report-reading.ts';
import { filesOf } from '../world/tarballs.ts';
import { type HostileWorld, startHostileWorld } from './hostile-world.ts';

const mebibyte = 1024 * 1024;
const privateKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
}) as string;
const serviceAccount = JSON.stringify({ type: 'service_account', private_key: privateKey });
const curveKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
  type: 'sec1',
  format: 'pem',
}) as string;
const keyLines = curveKey.trimEnd().split('\n');
const joinedKey = `class Signing { const string Key =\n${keyLines.map((line) => `"${line}\\n"`).join(' +\n')}; }\n`;
const webhook = `1182736455463728190/${'aB3-dE6_gH9jK2mN'.repeat(4)}xyZ9`;
/** A Java key store: magic number, version, one entry, which is a private key. */
const javaStore = Buffer.concat([
  Buffer.from('feedfeed000000020000000100000001', 'hex'),
  noise('store', 300),
]);
let hostile: HostileWorld;

beforeAll(async () => {
  hostile = await startHostileWorld(['studio/large', 'studio/many'], { PACKAGE_SIZE_MAX_MB: '1' });
});

afterAll(async () => hostile.stop());

function packageWith(name: string, files: TreeFiles): TreeFiles {
  return unityPackage(name, '1.0.0', { folder: folderOf(name), files });
}

/** Returns a file and its meta. */
function asset(path: string, content: TreeFile): TreeFiles {
  return { [path]: content, [`${path}.meta`]: meta(path) };
}

/** What an attacker, or a hurried colleague, gains: a secret or half a package that can never be taken back. */
describe('a file that nobody may publish', () => {
  it.each([
    ['.env', 'SECRET=1\n', 'an environment file'],
    ['Editor~/.env.production', 'SECRET=1\n', 'an environment file'],
    ['Tools~/id_ed25519', 'x', 'a private SSH key'],
    ['Runtime/release.keystore', javaStore, 'a key store'],
    ['Runtime/Signing.cs', joinedKey, 'a private key', 2],
    ['Runtime/Hook.cs', `"https://discord.com/api/webhooks/${webhook}";\n`, 'a Discord webhook', 1],
    ['Runtime/Notes.txt', `Keep this:\n${privateKey}`, 'a private key', 2],
    ['Runtime/Token.cs', `// ghp_${'a1B2'.repeat(9)}\n`, 'a GitHub token', 1],
    ['Tools~/deploy.json', serviceAccount, 'a service account key', 1],
  ])(
    '%s stops its package, which names the file but not its contents',
    async (path, text, kind, line?: number) => {
      const name = `com.studio.secrets.${path.toLowerCase().replaceAll(/[^a-z0-9]/g, '')}`;
      const job = await hostile.attack({ files: packageWith(name, asset(path, text)) });
      const item = packageOf(job, name);
      expect(item).toMatchObject({ outcome: 'failed', reason: 'preflight-rejected' });
      expect(item.findings).toMatchObject([{ rule: 'pack.secret-scan', severity: 'block', file: path }]);
      expect(item.title).toContain(
        `${path}${line === undefined ? '' : `:${line}`} looks like ${kind}; remove it`,
      );
      expect(JSON.stringify(job)).not.toContain('a1B2a1B2');
      expect(await hostile.world.packument(name)).toBeUndefined();
    },
  );

  it('does not include files of certificates alone, whatever their extension: those are published', async () => {
    const name = 'com.studio.roots';
    const roots = '-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUQ3b5\n-----END CERTIFICATE-----\n'.repeat(
      3,
    );
    const files = { ...asset('Runtime/roots.pem', roots), ...asset('Runtime/empty.p12', 'none') };
    const job = await hostile.attack({ files: packageWith(name, files) });
    expect(packageOf(job, name)).toMatchObject({ outcome: 'published', findings: [] });
  });

  it('is a Git LFS pointer instead of the content', async () => {
    const name = 'com.studio.lfs';
    const oid = 'a'.repeat(64);
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize 123456\n`;
    const job = await hostile.attack({ files: packageWith(name, asset('Runtime/Model.fbx', pointer)) });
    expect(packageOf(job, name)).toMatchObject({
      reason: 'lfs-object-missing',
      title: 'Runtime/Model.fbx is a Git LFS pointer without its contents (the git host does not have it)',
    });
  });

  it('is a submodule, whose files are not in the commit', async () => {
    const name = 'com.studio.submodule';
    const submodule = { submodule: '1'.repeat(40) };
    const job = await hostile.attack({ files: packageWith(name, { 'Runtime/Vendor': submodule }) });
    expect(packageOf(job, name)).toMatchObject({ reason: 'submodule-unavailable' });
    expect(packageOf(job, name).title).toContain(`${folderOf(name)}/Runtime/Vendor`);
    const beside = 'com.studio.besides';
    const files = { ...packageWith(beside, {}), 'Packages/com.studio.vendor': submodule };
    expect(packageOf(await hostile.attack({ files }), beside).outcome).toBe('published');
  });

  it('is an asset or a folder without its meta', async () => {
    const name = 'com.studio.metas';
    const files = {
      'Runtime/Lost.cs': 'class Lost {}\n',
      'Editor/Tool.cs': 'x',
      'Editor/Tool.cs.meta': meta('t'),
    };
    const item = packageOf(await hostile.attack({ files: packageWith(name, files) }), name);
    expect(item).toMatchObject({ outcome: 'failed', reason: 'preflight-rejected' });
    const missing = item.findings.filter(({ rule }) => rule === 'meta.missing');
    const messages = missing.map(({ message }) => message).join('\n');
    expect(missing).toHaveLength(2);
    expect(messages).toContain('folder Editor has no Editor.meta');
    expect(messages).toContain('Runtime/Lost.cs has no Runtime/Lost.cs.meta');
  });

  it('is reported when .npmignore drops the metas, while .gitignore has no effect', async () => {
    const kept = 'com.studio.gitignore';
    const dropped = 'com.studio.npmignore';
    const job = await hostile.attack({
      files: {
        ...packageWith(kept, { '.gitignore': '*.meta\nRuntime\n' }),
        ...packageWith(dropped, { '.npmignore': '*.meta\n' }),
      },
    });
    expect(packageOf(job, kept).outcome).toBe('published');
    expect(await filesOf(hostile.world, kept)).toContain('Runtime/Example.cs.meta');
    expect(packageOf(job, dropped)).toMatchObject({ outcome: 'failed', reason: 'preflight-rejected' });
  });
});

/** What an attacker gains: our memory and disk, or a queue that stands still. */
describe('with a limit of 1 MB', () => {
  it.each([
    ['zeros that would unpack to 64 MB', 'zeros', (): Buffer => Buffer.alloc(64 * mebibyte)],
    ['a file that does not compress', 'noise', (): Buffer => noise('noise', 3 * mebibyte)],
  ])('%s fail only that package', async (_title, word, content) => {
    const name = `com.studio.large.${word}`;
    const neighbour = `com.studio.small.${word}`;
    const job = await hostile.attack(
      {
        files: { ...packageWith(name, asset('Runtime/Big.bytes', content())), ...packageWith(neighbour, {}) },
      },
      'studio/large',
    );
    const item = packageOf(job, name);
    expect(item).toMatchObject({ outcome: 'failed', reason: 'tarball-too-large', integrity: null });
    expect(item.title).toMatch(/^The package is \d+ MB; the limit is \d+ MB$/);
    expect(item.remedy).toContain('PACKAGE_SIZE_MAX_MB');
    expect(packageOf(job, neighbour).outcome).toBe('published');
    expect(await hostile.world.packument(name)).toBeUndefined();
  });

  it('a package of 3,000 small files is published', async () => {
    const name = 'com.studio.many';
    const count = 3_000;
    const files = Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`Data~/${index % 50}/${index}.txt`, `${index}`]),
    );
    const job = await hostile.attack({ files: packageWith(name, files) });
    expect(packageOf(job, name).outcome).toBe('published');
    const packed = await filesOf(hostile.world, name);
    expect(packed.filter((path) => path.startsWith('Data~/'))).toHaveLength(count);
  });
});

/** What an attacker gains: a file where it was not meant to be, or a package that nobody can unpack. */
describe('file names', () => {
  it('that look like options, patterns or commands are shipped as they are', async () => {
    const name = 'com.studio.paths';
    const names = ['-rf', '--upload-pack=touch', '@archive.txt', '$(touch x)`y`.txt', '%2e%2e%2f.txt'];
    const folders = ['-leading~/x.txt', '@at~/x.txt', "Odd~/it's größe-日本語-🎲 {a,b}[c]!(d).txt"];
    const odd = [...names.map((file) => `Odd~/${file}`), ...folders];
    const files = Object.fromEntries(odd.map((path) => [path, path]));
    const item = packageOf(await hostile.attack({ files: packageWith(name, files) }), name);
    expect(item).toMatchObject({ outcome: 'published', title: null });
    const packed = await filesOf(hostile.world, name);
    expect(odd.filter((path) => !packed.includes(path))).toEqual([]);
  });

  it.each([
    ['newline', 'Odd~/new\nline.txt'],
    ['tab', 'Odd~/tab\there.txt'],
    ['space', 'Odd~/ around .txt '],
    ['quote', 'Odd~/"quoted".txt'],
    ['backslash', String.raw`Odd~/back\slash.txt`],
    ['climb', String.raw`Odd~/..\..\..\evil.txt`],
  ])('with a %s are shipped as they are or refused by name', async (word, path) => {
    const name = `com.studio.path.${word}`;
    const item = packageOf(await hostile.attack({ files: packageWith(name, { [path]: 'x' }) }), name);
    const shipped = item.outcome === 'published' ? await filesOf(hostile.world, name) : [];
    // The message quotes the path, so that none of its control characters reaches a reader.
    const isNamed = item.title?.includes(JSON.stringify(path)) ?? false;
    expect(isNamed || shipped.includes(path)).toBe(true);
  });

  it('that are too long for a disk fail their package by name', async () => {
    const name = 'com.studio.path.long';
    const path = `Odd~/${'x'.repeat(300)}.txt`;
    const item = packageOf(await hostile.attack({ files: packageWith(name, { [path]: 'x' }) }), name);
    expect(item).toMatchObject({ outcome: 'failed', reason: 'pack-failed' });
    expect(item.title).toContain('xxx');
  });
});
