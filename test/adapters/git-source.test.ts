import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commitFiles, noise, unityPackage } from '../../sandbox/unity-repository.ts';
import type { CommitSha, Slug } from '../../src/domain/repository/repository.ts';
import { type GitWorld, id, never, reasonOf, slug, startGitWorld } from './git-world.ts';

let world: GitWorld;

beforeEach(async () => {
  world = await startGitWorld();
});
afterEach(async () => world.stop());

describe('locating a commit', () => {
  it('finds that it is on the default branch, whatever the branch is called', async () => {
    const bare = await world.host.createRepository('studio/old', 'master');
    const sha = commitFiles(bare, {
      branch: 'master',
      message: 'Bump\n\nbody',
      author: 'Zoë',
      files: { a: 'b' },
    });
    const located = await world
      .source()
      .locate({ id, slug: 'studio/old' as Slug, commit: sha as CommitSha, branches: [] }, never);
    expect(located).toEqual({
      branch: 'master',
      isDefaultBranch: true,
      author: 'Zoë',
      subject: 'Bump',
      committedAtMs: 1_790_000_000_000,
    });
  });

  it('requests nothing for a commit that it knows, even after a restart', async () => {
    const first = world.commit({ files: { a: '1' } });
    const second = world.commit({ files: { a: '2' } });
    await world.locate(second);
    await world.reopen();
    world.host.clearRequests();
    expect(await world.locate(first)).toMatchObject({ branch: 'main' });
    expect(world.host.requests()).toEqual([]);
  });

  it('brings a bump with its small files in one fetch', async () => {
    const first = world.commit({ files: unityPackage('com.studio.a', '1.0.0') });
    await world.locate(first);
    await world.stage(first);
    const bump = world.commit({ files: unityPackage('com.studio.a', '1.0.1') });
    world.host.clearRequests();
    await world.locate(bump);
    const manifest = (await world.source().listTree(id, bump, never)).find(
      (entry) => entry.path === 'package.json',
    );
    const contents = await world
      .source()
      .readBlobs(id, slug, [manifest?.oid ?? ''], { maxBytesEach: 1e6, maxBytesTotal: 1e7 }, never);
    expect(JSON.parse(String(contents.get(manifest?.oid ?? '')))).toMatchObject({ version: '1.0.1' });
    expect(world.host.requests().filter((request) => request.service === 'info')).toHaveLength(1);
  });

  it('accepts registered branches only, and says which those are', async () => {
    world.commit({ files: { a: '1' } });
    const release = world.commit({ branch: 'release/1.x', files: { a: '2' } });
    const feature = world.commit({ branch: 'feature', files: { a: '3' } });
    expect(await world.locate(release, ['release/*'])).toMatchObject({
      branch: 'release/1.x',
      isDefaultBranch: false,
    });
    expect(await world.locate(release, ['release/1.x'])).toMatchObject({ branch: 'release/1.x' });
    expect(await reasonOf(world.locate(feature, ['release/*', 'gone']))).toBe('commit-not-on-branch');
    expect(await reasonOf(world.locate(feature, ['featur']))).toBe('commit-not-on-branch');
    expect(await reasonOf(world.locate('b'.repeat(40) as CommitSha))).toBe('commit-not-found');
  });

  it('is not misled by branch names and patterns that look like options', async () => {
    const sha = world.commit({ files: { a: '1' } });
    execFileSync('git', [
      '-C',
      world.bare,
      'update-ref',
      `refs/heads/--upload-pack=${world.root}/pwned`,
      sha,
    ]);
    const patterns = [`--upload-pack=${world.root}/pwned`, '--upload-pack=*', '../../HEAD', 'a..b', '**', ''];
    expect(await world.locate(sha, patterns)).toMatchObject({ branch: 'main' });
    expect(existsSync(join(world.root, 'pwned'))).toBe(false);
  });

  it('answers “no such commit” for an object of another type and for an empty repository', async () => {
    expect(await reasonOf(world.locate('c'.repeat(40) as CommitSha))).toBe('commit-not-found');
    const sha = world.commit({ files: { a: '1' } });
    const tree = execFileSync('git', ['-C', world.bare, 'rev-parse', `${sha}^{tree}`], {
      encoding: 'utf8',
    }).trim();
    expect(await reasonOf(world.locate(tree as CommitSha))).toBe('commit-not-found');
  });
});

describe('reading a commit', () => {
  it('lists every file with its mode and follows no link', async () => {
    const sha = world.commit({
      files: {
        'plain.txt': 'x',
        link: { symlink: '/etc/passwd' },
        'run.sh': { executable: '#!/bin/sh' },
        module: { submodule: 'd'.repeat(40) },
      },
    });
    await world.locate(sha);
    const tree = await world.source().listTree(id, sha, never);
    expect(tree.map((entry) => `${entry.mode} ${entry.path}`)).toEqual([
      '120000 link',
      '160000 module',
      '100644 plain.txt',
      '100755 run.sh',
    ]);
  });

  it('stages exactly the committed bytes, whatever the paths and attributes say', async () => {
    const files = {
      '.gitattributes': '* text eol=lf filter=evil\n',
      'a "b" & ü/crlf.txt': 'one\r\ntwo\r\n',
      'bom.json': '\uFEFF{}',
      "it's.bin": noise('x', 300_000),
      empty: '',
      twin: '',
    };
    const sha = world.commit({ files });
    await world.locate(sha);
    const folder = await world.stage(sha);
    for (const [path, content] of Object.entries(files)) {
      expect(await readFile(join(folder, path)), path).toEqual(Buffer.from(content));
    }
    expect((await stat(join(folder, 'empty'))).mode & 0o777).toBe(0o644);
  });

  it('fetches all that is missing in one request', async () => {
    const sha = world.commit({
      files: Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`f${i}`, `${i}`])),
    });
    await world.locate(sha);
    world.host.clearRequests();
    const folder = await world.stage(sha);
    expect(readdirSync(folder)).toHaveLength(60);
    expect(world.host.requests().filter((request) => request.service === 'upload-pack')).toHaveLength(1);
  });

  it('checks sizes before it fetches contents', async () => {
    const sha = world.commit({ files: { big: noise('big', 3 * 1024 * 1024), small: 'ok' } });
    await world.locate(sha);
    expect(await reasonOf(world.stage(sha, 2 * 1024 * 1024))).toBe('tarball-too-large');
    const oids = (await world.source().listTree(id, sha, never)).map((entry) => entry.oid);
    const contents = await world
      .source()
      .readBlobs(id, slug, oids, { maxBytesEach: 1000, maxBytesTotal: 1e7 }, never);
    expect([...contents.values()].map(String)).toEqual(['ok']);
  });

  it('stops a fetch that grows beyond its limit, and a tree with too many files', async () => {
    await world.reopen({ maxFetchBytes: 1_000_000, maxFiles: 50 });
    const many = world.commit({
      files: Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`f${i}`, 'x'])),
    });
    await world.locate(many);
    expect(await reasonOf(world.source().listTree(id, many, never))).toBe('repository-too-large');
    const files = Object.fromEntries(
      Array.from({ length: 4 }, (_, i) => [`f${i}`, noise(`${i}`, 1_000_000)]),
    );
    const big = world.commit({ parent: null, files });
    expect(await reasonOf(world.locate(big))).toBe('repository-too-large');
  });

  it('finds the nearest judged ancestor', async () => {
    const shas = ['1', '2', '3', '4'].map((text) => world.commit({ files: { a: text } }));
    const [first, second, third, fourth] = shas as [CommitSha, CommitSha, CommitSha, CommitSha];
    await world.locate(fourth);
    expect(await world.source().findNearestAncestor(id, fourth, [first, second], never)).toBe(second);
    expect(await world.source().findNearestAncestor(id, third, [third, fourth], never)).toBe(third);
    expect(await world.source().findNearestAncestor(id, second, [third], never)).toBeUndefined();
  });

  it('runs nothing that a repository contains', async () => {
    const marker = join(world.root, 'ran');
    const config = `[core]\n\tfsmonitor = "touch ${marker}"\n\tbare = true\n[filter "evil"]\n\tsmudge = touch ${marker}\n`;
    const sha = world.commit({
      files: {
        'sub/HEAD': 'ref: refs/heads/main\n',
        'sub/config': config,
        'sub/hooks/post-checkout': { executable: `#!/bin/sh\ntouch ${marker}\n` },
        '.gitattributes': '* filter=evil\n',
        '.lfsconfig': '[lfs]\n\turl = http://127.0.0.1:1/\n',
      },
    });
    await world.locate(sha);
    await world.stage(sha);
    expect(existsSync(marker)).toBe(false);
  });
});
