import { execFileSync } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/adapters/system/system-clock.ts';
import type { CommitSha, RepositoryId, Slug } from '../../src/domain/repository/repository.ts';
import type { JobEnd } from '../../src/ports/jobs.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { type Running, start } from '../http/harness.ts';
import { dispatchOf } from '../store/queued-job.ts';

const slug = 'studio/tools' as Slug;
/** Room for the database, and for little more. */
const volumeMegabytes = 4;

/** Returns true when this machine lets us mount a small volume; otherwise prints why not. */
function mountSmall(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${volumeMegabytes}m`, 'tmpfs', folder], {
      stdio: 'pipe',
    });
    return true;
  } catch (error) {
    console.log(`no small volume can be mounted: ${String((error as { stderr?: Buffer }).stderr).trim()}`);
    return false;
  }
}

const ended: JobEnd = {
  status: 'published',
  failure: undefined,
  judgedBranch: undefined,
  announcement: undefined,
};

let folder: string;
let isMounted: boolean;
let store: Store;
let app: Running;
let repositoryId: RepositoryId;

async function openIt(): Promise<Store> {
  const registry = 'https://npm.studio.test/';
  return openStore({ folder, registry, clock: systemClock, redact: (text) => text });
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'full-disk-'));
  isMounted = mountSmall(folder);
  store = await openIt();
  await store.repositories.addUnknown([{ slug, status: 'active' }]);
  const known = await store.repositories.findBySlug(slug);
  if (known === undefined) throw new Error('the repository was not added');
  repositoryId = known.id;
  app = await start({
    acceptDispatch: async ({ commit }) => ({ kind: 'accepted', acceptance: await accept(commit) }),
  });
});

afterEach(async () => {
  await app.close();
  await store.close();
  if (isMounted) execFileSync('umount', [folder]);
  await rm(folder, { recursive: true });
});

async function accept(commit: CommitSha): ReturnType<Store['queue']['accept']> {
  return store.queue.accept(dispatchOf(repositoryId, commit));
}

const commitOf = (index: number): CommitSha => (index + 1).toString(16).padStart(40, '0') as CommitSha;

async function post(index: number): Promise<number> {
  const answer = await app.post(JSON.stringify({ repository: slug, commit_sha: commitOf(index) }));
  return answer.status;
}

/** Takes all room that is left on the volume, to the last byte. */
async function takeAllRoom(): Promise<void> {
  const handle = await open(join(folder, 'ballast'), 'w');
  try {
    for (const bytes of [65_536, 4_096, 1]) {
      const chunk = Buffer.alloc(bytes, 1);
      await writeUntilFull(async () => handle.write(chunk));
    }
  } finally {
    await handle.close();
  }
}

async function writeUntilFull(write: () => Promise<{ readonly bytesWritten: number }>): Promise<void> {
  for (;;) {
    try {
      if ((await write()).bytesWritten === 0) return;
    } catch (error) {
      if ((error as { code?: string }).code === 'ENOSPC') return;
      throw error;
    }
  }
}

describe('a disk that is full', () => {
  it('refuses dispatches with 503, never promises what it cannot keep, and goes on once there is room', async ({
    skip,
  }) => {
    if (!isMounted) skip('no small volume');
    const promised: number[] = [];
    expect(await post(0)).toBe(202);
    promised.push(0);
    await takeAllRoom();
    // The database's log may still have room for a few.
    const answers: number[] = [];
    for (let index = 1; index <= 400; index++) {
      const status = await post(index);
      answers.push(status);
      if (status === 202) promised.push(index);
    }
    expect(new Set(answers).difference(new Set([202, 503])).size).toBe(0);
    expect(answers.at(-1)).toBe(503);
    const trouble = { name: 'DiskTrouble', fault: 'full', cause: { code: 'SQLITE_FULL' } };
    await expect(store.queue.claim([])).rejects.toMatchObject(trouble);

    await rm(join(folder, 'ballast'));
    expect(await post(1_000)).toBe(202);
    promised.push(1_000);

    await store.close();
    store = await openIt();
    const kept: string[] = [];
    for (let job = await store.queue.claim([]); job !== undefined; job = await store.queue.claim([])) {
      kept.push(job.commit);
      await store.queue.finish(job, ended);
    }
    expect(kept).toEqual(promised.map(commitOf));
  });
});
