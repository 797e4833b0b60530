import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GitHost, startGitHost } from '../../sandbox/git-host.ts';
import { commitFiles, noise, unityPackage } from '../../sandbox/unity-repository.ts';
import type { GitPorts, GitSourceOptions } from '../../src/adapters/git/git-source.ts';
import { Outage, PublishError } from '../../src/domain/failure.ts';
import type { CommitSha, RepositoryId, Slug } from '../../src/domain/repository.ts';
import type { Logger } from '../../src/ports/logger.ts';
import { openTestSource } from './test-source.ts';

const _quiet: Logger = { debug() {}, info() {}, warn() {}, error() {} };
const slug = 'studio/tools' as Slug;
const id = 1 as RepositoryId;
const token = 'planted-git-token';
const never = new AbortController().signal;

let root: string;
let host: GitHost;
let bare: string;
let source: GitPorts;

function build(extra: Partial<GitSourceOptions> = {}): GitPorts {
  return openTestSource(host.url, join(root, 'mirrors'), { token: () => token, ...extra });
}

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'git-source-'));
  host = await startGitHost({ folder: join(root, 'host'), token });
  bare = await host.createRepository(slug);
  source = build();
});

afterEach(async () => {
  await source.stop();
  await host.stop();
  await rm(root, { recursive: true });
});

function commit(options: Parameters<typeof commitFiles>[1]): CommitSha {
  return commitFiles(bare, options) as CommitSha;
}

async function locate(sha: CommitSha, branches: readonly string[] = [], signal = never) {
  return source.locate({ id, slug, commit: sha, branches }, signal);
}

async function stage(sha: CommitSha, maxBytes = 1e9): Promise<string> {
  const tree = await source.listTree(id, sha, never);
  const folder = await mkdtemp(join(root, 'stage-'));
  const files = tree.filter((entry) => entry.mode.startsWith('100'));
  await source.stageFiles(id, slug, files, folder, maxBytes, never);
  return folder;
}

async function reasonOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => 'no error',
    (caught: unknown) => caught,
  );
  if (error instanceof PublishError) return error.failure.reason;
  if (error instanceof Outage) return `outage ${error.kind}`;
  return String(error);
}

describe('locating a commit', () => {
  it('proves that it lies on the default branch, whatever that is called', async () => {
    bare = await host.createRepository('studio/old', 'master');
    const sha = commit({ branch: 'master', message: 'Bump\n\nbody', author: 'Zoë', files: { a: 'b' } });
    const located = await source.locate({ id, slug: 'studio/old' as Slug, commit: sha, branches: [] }, never);
    expect(located).toEqual({
      branch: 'master',
      isDefaultBranch: true,
      author: 'Zoë',
      subject: 'Bump',
      committedAtMs: 1_790_000_000_000,
    });
  });

  it('asks nobody about a commit that it knows, also after a restart', async () => {
    const first = commit({ files: { a: '1' } });
    const second = commit({ files: { a: '2' } });
    await locate(second);
    source = build();
    host.clearRequests();
    expect(await locate(first)).toMatchObject({ branch: 'main' });
    expect(host.requests()).toEqual([]);
  });

  it('brings a bump with its small files in one fetch', async () => {
    const first = commit({ files: unityPackage('com.studio.a', '1.0.0') });
    await locate(first);
    await stage(first);
    const bump = commit({ files: unityPackage('com.studio.a', '1.0.1') });
    host.clearRequests();
    await locate(bump);
    const manifest = (await source.listTree(id, bump, never)).find((entry) => entry.path === 'package.json');
    const contents = await source.readBlobs(id, slug, [manifest?.oid ?? ''], 1e6, never);
    expect(JSON.parse(String(contents.get(manifest?.oid ?? '')))).toMatchObject({ version: '1.0.1' });
    expect(host.requests().filter((request) => request.service === 'info')).toHaveLength(1);
  });

  it('accepts registered branches only, and says which those are', async () => {
    commit({ files: { a: '1' } });
    const release = commit({ branch: 'release/1.x', files: { a: '2' } });
    const feature = commit({ branch: 'feature', files: { a: '3' } });
    expect(await locate(release, ['release/*'])).toMatchObject({
      branch: 'release/1.x',
      isDefaultBranch: false,
    });
    expect(await locate(release, ['release/1.x'])).toMatchObject({ branch: 'release/1.x' });
    expect(await reasonOf(locate(feature, ['release/*', 'gone']))).toBe('commit-not-on-branch');
    expect(await reasonOf(locate(feature, ['featur']))).toBe('commit-not-on-branch');
    expect(await reasonOf(locate('b'.repeat(40) as CommitSha))).toBe('commit-not-found');
  });

  it('is not misled by branch names and patterns that look like options', async () => {
    const sha = commit({ files: { a: '1' } });
    execFileSync('git', ['-C', bare, 'update-ref', `refs/heads/--upload-pack=${root}/pwned`, sha]);
    const patterns = [`--upload-pack=${root}/pwned`, '--upload-pack=*', '../../HEAD', 'a..b', '**', ''];
    expect(await locate(sha, patterns)).toMatchObject({ branch: 'main' });
    expect(existsSync(join(root, 'pwned'))).toBe(false);
  });

  it('says that an object which is no commit, or an empty repository, holds no such commit', async () => {
    expect(await reasonOf(locate('c'.repeat(40) as CommitSha))).toBe('commit-not-found');
    const sha = commit({ files: { a: '1' } });
    const tree = execFileSync('git', ['-C', bare, 'rev-parse', `${sha}^{tree}`], { encoding: 'utf8' }).trim();
    expect(await reasonOf(locate(tree as CommitSha))).toBe('commit-not-found');
  });
});

describe('reading a commit', () => {
  it('lists every file with its mode, without following anything', async () => {
    const sha = commit({
      files: {
        'plain.txt': 'x',
        link: { symlink: '/etc/passwd' },
        'run.sh': { executable: '#!/bin/sh' },
        module: { submodule: 'd'.repeat(40) },
      },
    });
    await locate(sha);
    const tree = await source.listTree(id, sha, never);
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
    const sha = commit({ files });
    await locate(sha);
    const folder = await stage(sha);
    for (const [path, content] of Object.entries(files)) {
      expect(await readFile(join(folder, path)), path).toEqual(Buffer.from(content));
    }
    expect((await stat(join(folder, 'empty'))).mode & 0o777).toBe(0o644);
  });

  it('fetches all that is missing in one request', async () => {
    const sha = commit({
      files: Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`f${i}`, `${i}`])),
    });
    await locate(sha);
    host.clearRequests();
    const folder = await stage(sha);
    expect(readdirSync(folder)).toHaveLength(60);
    expect(host.requests().filter((request) => request.service === 'upload-pack')).toHaveLength(1);
  });

  it('checks sizes before contents', async () => {
    const sha = commit({ files: { big: noise('big', 3 * 1024 * 1024), small: 'ok' } });
    await locate(sha);
    expect(await reasonOf(stage(sha, 2 * 1024 * 1024))).toBe('tarball-too-large');
    const oids = (await source.listTree(id, sha, never)).map((entry) => entry.oid);
    const contents = await source.readBlobs(id, slug, oids, 1000, never);
    expect([...contents.values()].map(String)).toEqual(['ok']);
  });

  it('stops a fetch that grows beyond its limit, and a tree with too many files', async () => {
    source = build({ maxFetchBytes: 1_000_000, maxFiles: 50 });
    const many = commit({ files: Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`f${i}`, 'x'])) });
    await locate(many);
    expect(await reasonOf(source.listTree(id, many, never))).toBe('repository-too-large');
    const files = Object.fromEntries(
      Array.from({ length: 4 }, (_, i) => [`f${i}`, noise(`${i}`, 1_000_000)]),
    );
    const big = commit({ parent: null, files });
    expect(await reasonOf(locate(big))).toBe('repository-too-large');
  });

  it('finds the nearest judged ancestor', async () => {
    const shas = ['1', '2', '3', '4'].map((text) => commit({ files: { a: text } }));
    const [first, second, third, fourth] = shas as [CommitSha, CommitSha, CommitSha, CommitSha];
    await locate(fourth);
    expect(await source.findNearestAncestor(id, fourth, [first, second], never)).toBe(second);
    expect(await source.findNearestAncestor(id, third, [third, fourth], never)).toBe(third);
    expect(await source.findNearestAncestor(id, second, [third], never)).toBeUndefined();
  });

  it('runs nothing that a repository brings along', async () => {
    const marker = join(root, 'ran');
    const config = `[core]\n\tfsmonitor = "touch ${marker}"\n\tbare = true\n[filter "evil"]\n\tsmudge = touch ${marker}\n`;
    const sha = commit({
      files: {
        'sub/HEAD': 'ref: refs/heads/main\n',
        'sub/config': config,
        'sub/hooks/post-checkout': { executable: `#!/bin/sh\ntouch ${marker}\n` },
        '.gitattributes': '* filter=evil\n',
        '.lfsconfig': '[lfs]\n\turl = http://127.0.0.1:1/\n',
      },
    });
    await locate(sha);
    await stage(sha);
    expect(existsSync(marker)).toBe(false);
  });
});

describe('trouble', () => {
  it('tells outages, credentials and missing repositories apart by HTTP status', async () => {
    const sha = commit({ files: { a: '1' } });
    host.setFault({ kind: 'status', status: 503, headers: { 'retry-after': '7' } });
    const error = await locate(sha).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      neighbour: 'git-host',
      kind: 'down',
      detail: 'HTTP 503',
      retryAfterMs: 7_000,
    });
    await expect(source.probe(slug, never)).rejects.toThrow(Outage);
    host.setFault({ kind: 'reset' });
    expect(await reasonOf(locate(sha))).toBe('outage down');
    host.setFault({ kind: 'status', status: 403 });
    expect(await reasonOf(locate(sha))).toBe('repository-forbidden');
    host.setFault(undefined);
    host.setToken('another');
    expect(await reasonOf(locate(sha))).toBe('outage credentials');
    host.setToken(token);
    const gone = { id: 2 as RepositoryId, slug: 'studio/gone' as Slug, commit: sha, branches: [] };
    expect(await reasonOf(source.locate(gone, never))).toBe('repository-unavailable');
    await source.probe('studio/gone' as Slug, never);
    expect(await locate(sha)).toMatchObject({ branch: 'main' });
  });

  it('follows no redirect with its token', async () => {
    const sha = commit({ files: { a: '1' } });
    const other = await startGitHost({ folder: join(root, 'other') });
    host.setFault({
      kind: 'status',
      status: 302,
      headers: { location: `${other.url}/studio/tools.git/info/refs` },
    });
    expect(await reasonOf(locate(sha))).toBe('repository-unavailable');
    expect(other.requests()).toEqual([]);
    await other.stop();
  });

  it('works with a host that knows no partial clones', async () => {
    const old = await startGitHost({ folder: join(root, 'old'), refuseFilters: true });
    bare = await old.createRepository(slug);
    const sha = commit({ files: unityPackage('com.studio.a', '1.0.0') });
    source = build({ serverUrl: old.url, token: () => undefined, folder: join(root, 'mirrors-old') });
    await locate(sha);
    expect(readdirSync(await stage(sha))).toContain('package.json');
    await old.stop();
  });

  it('makes a deleted or damaged mirror anew', async () => {
    const first = commit({ files: { a: '1' } });
    await locate(first);
    await rm(join(root, 'mirrors', '1.git'), { recursive: true });
    await locate(first);
    const packs = join(root, 'mirrors', '1.git', 'objects', 'pack');
    for (const name of readdirSync(packs)) {
      await rm(join(packs, name));
      await writeFile(join(packs, name), 'damaged');
    }
    const second = commit({ files: { a: '2' } });
    await locate(second);
    expect(readFileSync(join(await stage(second), 'a'), 'utf8')).toBe('2');
  });

  it('removes lock files of a killed process', async () => {
    const first = commit({ files: { a: '1' } });
    await locate(first);
    const mirror = join(root, 'mirrors', '1.git');
    await mkdir(join(mirror, 'refs', 'publisher'), { recursive: true });
    await writeFile(join(mirror, 'refs', 'publisher', 'HEAD.lock'), '');
    await writeFile(join(mirror, 'packed-refs.lock'), '');
    await writeFile(join(mirror, 'shallow.lock'), '');
    source = build();
    expect(await locate(commit({ files: { a: '2' } }))).toMatchObject({ branch: 'main' });
  });

  it('ends git and its helpers when the job is stopped, and shows the token to nobody meanwhile', async () => {
    const sha = commit({ files: { a: '1' } });
    host.setFault({ kind: 'hang' });
    const stop = new AbortController();
    const work = locate(sha, [], stop.signal).catch((error: unknown) => error);
    await expect.poll(() => gitProcesses().length, { timeout: 5_000 }).toBeGreaterThan(0);
    const encoded = Buffer.from(`x-access-token:${token}`).toString('base64');
    for (const process of gitProcesses()) {
      expect(process).not.toContain(token);
      expect(process).not.toContain(encoded);
    }
    stop.abort(new Error('stopped'));
    expect(await work).toMatchObject({ message: 'stopped' });
    await expect.poll(() => gitProcesses().length, { timeout: 5_000 }).toBe(0);
    host.setFault(undefined);
    await locate(sha);
    const kept = readdirSync(join(root, 'mirrors'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.filter((text) => text.includes(token) || text.includes(encoded))).toEqual([]);
  });

  it('removes the mirrors that were unused for longest when all are too large together', async () => {
    source = build({ maxMirrorBytesTotal: 400_000 });
    for (const number of [1, 2, 3]) {
      bare = await host.createRepository(`studio/r${number}`);
      const sha = commit({ files: { a: noise(`${number}`, 250_000) } });
      const request = {
        id: number as RepositoryId,
        slug: `studio/r${number}` as Slug,
        commit: sha,
        branches: [],
      };
      await source.locate(request, never);
      const oid = (await source.listTree(request.id, sha, never))[0]?.oid ?? '';
      await source.readBlobs(request.id, request.slug, [oid], 1e6, never);
    }
    const left = readdirSync(join(root, 'mirrors')).filter((name) => name.endsWith('.git'));
    expect(left).toEqual(['3.git']);
  });
});

/** Command lines of git processes that talk to our host. */
function gitProcesses(): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'utf8');
      } catch {
        return '';
      }
    })
    .filter((line) => line.includes('git') && line.includes(host.url));
}
