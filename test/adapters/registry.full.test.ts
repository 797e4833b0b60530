import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTarball, openRegistry, uploadOf } from './registry-fixtures.ts';

const mebibyte = 1024 * 1024;
const never = new AbortController().signal;
let folder: string;
const toStop: (() => Promise<void>)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'registry-full-test-'));
});
afterAll(async () => {
  for (const stop of toStop) await stop();
  await rm(folder, { recursive: true, force: true });
});

/** Starts a registry in its own process, so that its memory is not counted as ours. */
async function startApart(): Promise<{ url: string; token: string }> {
  const module = fileURLToPath(new URL('../../sandbox/registry.ts', import.meta.url));
  const program = `const { startRegistry } = await import(${JSON.stringify(module)});
    const { url, token } = await startRegistry({ folder: ${JSON.stringify(join(folder, 'verdaccio'))} });
    process.stdout.write(JSON.stringify({ url, token }) + '\\n');`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  toStop.push(async () => {
    const exited = once(child, 'exit');
    child.kill();
    await exited;
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return JSON.parse(line.toString()) as { url: string; token: string };
}

describe('uploading a large package', () => {
  it('takes no more memory than a small one, and leaves the event loop free', async () => {
    const apart = await startApart();
    const registry = openRegistry({
      url: apart.url,
      token: () => apart.token,
      putIdleTimeoutMs: 60_000,
      requestTimeoutMs: 15_000,
    });
    toStop.push(async () => registry.stop());
    const tarball = await makeTarball(folder, 100 * mebibyte);
    await registry.put(uploadOf(await makeTarball(folder, mebibyte)), never);
    globalThis.gc?.();
    const before = process.memoryUsage.rss();
    let peak = before;
    let lastTick = performance.now();
    let longestStallMs = 0;
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage.rss());
      longestStallMs = Math.max(longestStallMs, performance.now() - lastTick - 10);
      lastTick = performance.now();
    }, 10);
    const upload = uploadOf(tarball);
    expect(await registry.put(upload, never)).toEqual({ kind: 'accepted' });
    clearInterval(watch);
    expect((peak - before) / mebibyte).toBeLessThan(100);
    expect(longestStallMs).toBeLessThan(250);
    const stored = await registry.findPackument(upload.name, never);
    expect(stored?.versions.get('1.0.0')?.integrity).toBe(tarball.integrity);
  }, 120_000);
});
