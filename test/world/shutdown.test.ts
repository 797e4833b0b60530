import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { startPublisher } from '../../sandbox/process.ts';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { World } from '../../sandbox/world.ts';
import { countPuts } from '../faults/killed-batch.ts';
import { readCount, readRows } from './stored-rows.ts';

/** Timeout for conditions that are polled. */
const within = { timeout: 30_000, interval: 20 };
const name = 'com.studio.core';
const files = unityPackage(name, '1.0.0');

async function inWorld(work: (world: World) => Promise<void>): Promise<void> {
  const world = await World.start({ env: { LOG_LEVEL: 'debug' } });
  try {
    await work(world);
  } finally {
    await world.stop();
  }
}

/** Returns what the process wrote and how it ended, when it was expected not to start. */
async function failToStart(starting: Promise<unknown>): Promise<string> {
  return starting.then(
    () => 'it started',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

describe.concurrent('a process that is asked to stop', () => {
  it('ends with 0 when it is idle, and starts again on the same data', async () => {
    await inWorld(async (world) => {
      const { id } = await world.dispatch(world.push({ files }));
      await world.finished(id);
      world.process.kill('SIGTERM');
      expect(await world.process.exited).toBe(0);
      world.process = await world.startProcess();
      expect((await world.finished(id)).status).toBe('published');
    });
  });

  it('ends with 0 when it has only just begun to listen', async () => {
    const world = await World.start({
      onLine: (line, process) => {
        if (line.msg === 'listening') process.kill('SIGTERM');
      },
    });
    try {
      expect(await world.process.exited).toBe(0);
    } finally {
      await world.stop();
    }
  });

  it('lets a running job end first', async () => {
    await inWorld(async (world) => {
      // Makes the answer of the PUT take a while.
      world.proxy.setFaults(({ method }) =>
        method === 'PUT' ? { kind: 'dribble', chunkBytes: 1, everyMs: 20 } : undefined,
      );
      await world.dispatch(world.push({ files }));
      await vi.waitFor(() => expect(countPuts(world, name)).toBe(1), within);
      world.process.kill('SIGTERM');
      expect(await world.process.exited).toBe(0);
      expect(readRows(world, 'select status, attempts, crashes from jobs')).toEqual([
        { status: 'published', attempts: 1, crashes: 0 },
      ]);
    });
  });

  // The process must be done within 24 s; otherwise it ends itself with another code than 0.
  it('leaves a job that does not end, ends with 0, and finds its package after the restart', async () => {
    await inWorld(async (world) => {
      world.proxy.setFaults(({ method }) => (method === 'PUT' ? { kind: 'store-then-hang' } : undefined));
      const { id } = await world.dispatch(world.push({ files }));
      await vi.waitFor(async () => expect(await world.packument(name)).toBeDefined(), within);
      world.process.kill('SIGTERM');
      expect(await world.process.exited).toBe(0);
      expect(readRows(world, 'select status, attempts, crashes from jobs')).toEqual([
        { status: 'queued', attempts: 0, crashes: 0 },
      ]);
      world.proxy.setFaults(() => undefined);
      world.process = await world.startProcess();
      const job = await world.finished(id);
      expect(job.packages).toMatchObject([{ name, outcome: 'published' }]);
      const stored = (await world.packument(name))?.versions['1.0.0']?.dist.integrity;
      expect(job.packages[0]?.integrity).toBe(stored);
      expect(countPuts(world, name)).toBe(1);
      expect(readCount(world, "select count(*) from outbox where key like 'job-%-finished'")).toBe(1);
    });
  }, 120_000);
});

describe.concurrent('a process that should not start', () => {
  it('ends with 75 while another one uses its data, and leaves that one alone', async () => {
    await inWorld(async (world) => {
      const said = await failToStart(world.startProcess());
      expect(said).toContain('ended (75)');
      expect(said).toContain('Another process works with the data');
      expect((await world.publish({ files })).status).toBe('published');
    });
  });

  it('ends with 78 and all problems of its settings at once, without their secrets', async () => {
    const env = {
      PORT: 'eighty',
      DATA_DIR: '/nowhere',
      DISPATCH_SECRET: 'a-dispatch-secret-of-a-studio',
      UPM_REGISTRY: 'http://registry.studio.test/',
      NPM_TOKEN_FILE: '/nowhere/token',
      PUBLISH_CONCURRENCY: '0',
    };
    const said = await failToStart(startPublisher({ env }));
    expect(said).toContain('ended (78)');
    for (const setting of ['PORT', 'UPM_REGISTRY', 'NPM_TOKEN', 'PUBLISH_CONCURRENCY', 'PACKAGE_SCOPES']) {
      expect(said).toContain(`${setting}`);
    }
    expect(said).toContain('GITHUB_OWNERS: not set');
    expect(said).not.toContain(env.DISPATCH_SECRET);
  });

  it('refuses a damaged database, says how to go on, and does not touch it', async () => {
    await inWorld(async (world) => {
      expect((await world.publish({ files })).status).toBe('published');
      world.process.kill('SIGTERM');
      expect(await world.process.exited).toBe(0);
      const file = join(world.folder, 'data', 'publisher.db');
      await overwritePages(file);
      const damaged = await readFile(file);
      const said = await failToStart(world.startProcess());
      expect(said).toContain('ended (78)');
      expect(said).toContain('npm run restore -- --from');
      expect((await readFile(file)).equals(damaged)).toBe(true);
    });
  });

  it('refuses a file that is no database at all', async () => {
    await inWorld(async (world) => {
      world.process.kill('SIGTERM');
      expect(await world.process.exited).toBe(0);
      await writeFile(join(world.folder, 'data', 'publisher.db'), 'This was a database once.\n'.repeat(500));
      const said = await failToStart(world.startProcess());
      expect(said).toContain('ended (78)');
      expect(said).toContain('npm run restore -- --from');
    });
  });
});

/** Overwrites everything behind the first page with noise, as a bad disk does: the header still reads well. */
async function overwritePages(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    const { size } = await handle.stat();
    await handle.write(Buffer.alloc(size - 4096, 0x5a), 0, size - 4096, 4096);
  } finally {
    await handle.close();
  }
}
