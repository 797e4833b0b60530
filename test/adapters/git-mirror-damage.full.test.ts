import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, statSync, truncateSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GitHost, startGitHost } from '../../sandbox/git-host.ts';
import { commitFiles } from '../../sandbox/unity-repository.ts';
import type { GitPorts } from '../../src/adapters/git/git-source.ts';
import type { CommitSha, RepositoryId, Slug } from '../../src/domain/repository/repository.ts';
import { openTestSource } from './test-source.ts';

const slug = 'studio/tools' as Slug;
const id = 1 as RepositoryId;
const never = new AbortController().signal;
const content = 'what was committed\n';
const other = 'what never was here\n';

let root: string;
let mirror: string;
let host: GitHost;
let bare: string;
let source: GitPorts;
let sha: CommitSha;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'git-mirror-damage-'));
  mirror = join(root, 'mirrors', `${id}.git`);
  host = await startGitHost({ folder: join(root, 'host') });
  bare = await host.createRepository(slug);
  source = openTestSource(host.url, join(root, 'mirrors'));
  sha = commitFiles(bare, { files: { 'a/file.txt': content, 'b.txt': 'more\n' } }) as CommitSha;
});
afterEach(async () => {
  await source.stop();
  await host.stop();
  await rm(root, { recursive: true });
});

/** Stages what the package would be packed from, in as many attempts as a job has. */
async function stage(): Promise<string> {
  const failures: string[] = [];
  for (let attempt = 1; attempt <= 3; attempt++) {
    const folder = await mkdtemp(join(root, 'stage-'));
    try {
      await source.locate({ id, slug, commit: sha, branches: [] }, never);
      const tree = await source.listTree(id, sha, never);
      await source.stageFiles(id, slug, tree, folder, 1e9, never);
      return await readFile(join(folder, 'a/file.txt'), 'utf8');
    } catch (error) {
      failures.push(String(error));
    }
  }
  throw new Error(failures.join('; '));
}

/** Imitates another process: only what is on the disk is remembered. */
async function restart(): Promise<void> {
  await source.stop();
  source = openTestSource(host.url, join(root, 'mirrors'));
}

function listPacks(ending: string): readonly string[] {
  const folder = join(mirror, 'objects', 'pack');
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));
}

const blobName = (text: string): string =>
  createHash('sha1').update(`blob ${text.length}\0${text}`).digest('hex');

/** Plants an object under a wrong name. */
async function plant(name: string, text: string): Promise<void> {
  const file = join(mirror, 'objects', name.slice(0, 2), name.slice(2));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, deflateSync(`blob ${text.length}\0${text}`));
}

const damages: readonly (readonly [string, () => Promise<void> | void])[] = [
  [
    'packs that were cut in half',
    async () => {
      for (const pack of listPacks('.pack')) {
        await chmod(pack, 0o644);
        truncateSync(pack, Math.floor(statSync(pack).size / 2));
      }
    },
  ],
  [
    'packs full of noise behind their heads',
    async () => {
      for (const pack of listPacks('.pack')) {
        await chmod(pack, 0o644);
        await writeFile(
          pack,
          Buffer.concat([(await readFile(pack)).subarray(0, 12), Buffer.alloc(500, 0x5a)]),
        );
      }
    },
  ],
  [
    'packs that are gone',
    async () => {
      for (const pack of listPacks('.pack')) await rm(pack, { force: true });
    },
  ],
  [
    'all objects gone',
    async () => {
      await rm(join(mirror, 'objects'), { recursive: true });
      await mkdir(join(mirror, 'objects'));
    },
  ],
  [
    'refs that point nowhere',
    async () => {
      for (const ref of ['publisher/HEAD', 'publisher/heads/main']) {
        const file = join(mirror, 'refs', ref);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, `${'d'.repeat(40)}\n`);
      }
    },
  ],
  [
    'a file in place of its refs',
    async () => {
      await rm(join(mirror, 'refs'), { recursive: true });
      await writeFile(join(mirror, 'refs'), 'x');
    },
  ],
  [
    'locks of a process that is gone',
    async () => {
      for (const lock of ['packed-refs.lock', 'HEAD.lock', 'config.lock', 'shallow.lock']) {
        await writeFile(join(mirror, lock), '');
      }
    },
  ],
];

describe('a mirror with', () => {
  it.each(damages)(
    '%s gives the committed files, in the same process and after a restart',
    async (_, damage) => {
      expect(await stage()).toBe(content);
      await damage();
      expect(await stage()).toBe(content);
      await damage();
      await restart();
      expect(await stage()).toBe(content);
    },
  );

  it('wrong contents under the name of a file is rebuilt and never packed', async () => {
    await source.locate({ id, slug, commit: sha, branches: [] }, never);
    const before = statSync(mirror).ino;
    await plant(blobName(content), other);
    expect(await stage()).toBe(content);
    expect(statSync(mirror).ino).not.toBe(before);
  });

  it('a ref that replaces an object gives what was committed', async () => {
    await source.locate({ id, slug, commit: sha, branches: [] }, never);
    await plant(blobName(other), other);
    const refs = join(mirror, 'refs', 'replace');
    await mkdir(refs, { recursive: true });
    await writeFile(join(refs, blobName(content)), `${blobName(other)}\n`);
    expect(await stage()).toBe(content);
  });

  it('a configuration that somebody else wrote is rebuilt before git reads it', async () => {
    expect(await stage()).toBe(content);
    const trace = join(root, 'ran');
    const program = join(root, 'program');
    await writeFile(program, `#!/bin/sh\ntouch ${trace}\n`, { mode: 0o755 });
    const tampered: readonly (readonly [string, string])[] = [
      ['core.askPass', program],
      ['core.alternateRefsCommand', program],
      ['http.proxy', 'http://127.0.0.1:9'],
      [`url.http://127.0.0.1:9/.insteadOf`, `${host.url}/`],
    ];
    const before = statSync(mirror).ino;
    for (const [key, value] of tampered) execFileSync('git', ['-C', mirror, 'config', key, value]);
    sha = commitFiles(bare, { files: { 'a/file.txt': content } }) as CommitSha;
    expect(await stage()).toBe(content);
    expect(statSync(mirror).ino).not.toBe(before);
    expect(await readFile(join(mirror, 'config'), 'utf8')).not.toContain('127.0.0.1:9');
    await expect(readFile(trace)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
