import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startGitHost } from '../../sandbox/git-host.ts';
import { commitFiles, noise, unityPackage } from '../../sandbox/unity-repository.ts';
import { Outage } from '../../src/domain/failure/failure.ts';
import type { CommitSha, RepositoryId, Slug } from '../../src/domain/repository/repository.ts';
import { type GitWorld, never, reasonOf, slug, startGitWorld } from './git-world.ts';

const token = 'planted-git-token';

let world: GitWorld;

beforeEach(async () => {
  world = await startGitWorld({ token });
});
afterEach(async () => world.stop());

describe('a git source in trouble', () => {
  it('distinguishes outages, refused credentials and missing repositories by HTTP status', async () => {
    const sha = world.commit({ files: { a: '1' } });
    world.host.setFault({ kind: 'status', status: 503, headers: { 'retry-after': '7' } });
    const error = await world.locate(sha).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      neighbour: 'git-host',
      kind: 'down',
      detail: 'HTTP 503',
      retryAfterMs: 7_000,
    });
    await expect(world.source().probe(slug, never)).rejects.toThrow(Outage);
    world.host.setFault({ kind: 'reset' });
    expect(await reasonOf(world.locate(sha))).toBe('outage down');
    world.host.setFault({ kind: 'status', status: 403 });
    expect(await reasonOf(world.locate(sha))).toBe('repository-forbidden');
    world.host.setFault(undefined);
    world.host.setToken('another');
    expect(await reasonOf(world.locate(sha))).toBe('outage credentials');
    world.host.setToken(token);
    const gone = { id: 2 as RepositoryId, slug: 'studio/gone' as Slug, commit: sha, branches: [] };
    expect(await reasonOf(world.source().locate(gone, never))).toBe('repository-unavailable');
    await world.source().probe('studio/gone' as Slug, never);
    expect(await world.locate(sha)).toMatchObject({ branch: 'main' });
  });

  it('follows no redirect with its token', async () => {
    const sha = world.commit({ files: { a: '1' } });
    const other = await startGitHost({ folder: join(world.root, 'other') });
    world.host.setFault({
      kind: 'status',
      status: 302,
      headers: { location: `${other.url}/studio/tools.git/info/refs` },
    });
    expect(await reasonOf(world.locate(sha))).toBe('repository-unavailable');
    expect(other.requests()).toEqual([]);
    await other.stop();
  });

  it('works with a host that does not support partial clones', async () => {
    const old = await startGitWorld({ kind: { filters: false } });
    const sha = old.commit({ files: unityPackage('com.studio.a', '1.0.0') });
    await old.locate(sha);
    expect(readdirSync(await old.stage(sha))).toContain('package.json');
    await old.stop();
  });

  it('rebuilds a deleted or damaged mirror', async () => {
    const first = world.commit({ files: { a: '1' } });
    await world.locate(first);
    await rm(world.mirror, { recursive: true });
    await world.locate(first);
    const packs = join(world.mirror, 'objects', 'pack');
    for (const name of readdirSync(packs)) {
      await rm(join(packs, name));
      await writeFile(join(packs, name), 'damaged');
    }
    const second = world.commit({ files: { a: '2' } });
    await world.locate(second);
    expect(readFileSync(join(await world.stage(second), 'a'), 'utf8')).toBe('2');
  });

  it('removes the lock files of a killed process', async () => {
    const first = world.commit({ files: { a: '1' } });
    await world.locate(first);
    const mirror = world.mirror;
    await mkdir(join(mirror, 'refs', 'publisher'), { recursive: true });
    await writeFile(join(mirror, 'refs', 'publisher', 'HEAD.lock'), '');
    await writeFile(join(mirror, 'packed-refs.lock'), '');
    await writeFile(join(mirror, 'shallow.lock'), '');
    await world.reopen();
    expect(await world.locate(world.commit({ files: { a: '2' } }))).toMatchObject({ branch: 'main' });
  });

  it('ends git and its child processes when the job is stopped, and hides the token meanwhile', async () => {
    const sha = world.commit({ files: { a: '1' } });
    // The branches are asked for without git; the fetch is not.
    world.host.setFault(({ service }) => (service === 'info' ? { kind: 'hang' } : undefined));
    const stop = new AbortController();
    const work = world.locate(sha, [], stop.signal).catch((error: unknown) => error);
    await expect.poll(() => gitProcesses().length, { timeout: 5_000 }).toBeGreaterThan(0);
    const encoded = Buffer.from(`x-access-token:${token}`).toString('base64');
    for (const process of gitProcesses()) {
      expect(process).not.toContain(token);
      expect(process).not.toContain(encoded);
    }
    stop.abort(new Error('stopped'));
    expect(await work).toMatchObject({ message: 'stopped' });
    await expect.poll(() => gitProcesses().length, { timeout: 5_000 }).toBe(0);
    world.host.setFault(undefined);
    await world.locate(sha);
    const kept = readdirSync(join(world.root, 'mirrors'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.filter((text) => text.includes(token) || text.includes(encoded))).toEqual([]);
  });

  it('removes the mirrors that were unused for longest when all together are too large', async () => {
    await world.reopen({ maxMirrorBytesTotal: 400_000 });
    for (const number of [1, 2, 3]) {
      const bare = await world.host.createRepository(`studio/r${number}`);
      const sha = commitFiles(bare, { files: { a: noise(`${number}`, 250_000) } }) as CommitSha;
      const request = {
        id: number as RepositoryId,
        slug: `studio/r${number}` as Slug,
        commit: sha,
        branches: [],
      };
      await world.source().locate(request, never);
      const oid = (await world.source().listTree(request.id, sha, never))[0]?.oid ?? '';
      await world
        .source()
        .readBlobs(request.id, request.slug, [oid], { maxBytesEach: 1e6, maxBytesTotal: 1e7 }, never);
    }
    const left = readdirSync(join(world.root, 'mirrors')).filter((name) => name.endsWith('.git'));
    expect(left).toEqual(['3.git']);
  });
});

/** Returns the command lines of git processes that talk to our git host. */
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
    .filter((line) => line.includes('git') && line.includes(world.host.url));
}
