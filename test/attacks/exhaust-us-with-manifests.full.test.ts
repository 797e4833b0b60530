import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gitSync } from '../../sandbox/git-sync.ts';
import { type TreeFiles, unityPackage } from '../../sandbox/unity-repository.ts';
import { type HostileWorld, startHostileWorld } from './hostile-world.ts';

const slugs = ['studio/heavy', 'studio/wide'];
let hostile: HostileWorld;

beforeAll(async () => {
  hostile = await startHostileWorld(slugs);
});

afterAll(async () => hostile.stop());

/** Returns the peak memory of the process, in MB. */
function readPeakMb(): number {
  const status = readFileSync(`/proc/${hostile.world.process.pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
}

/** Returns the longest time that a request to /healthz took while `work` went on, in ms. */
async function watchHealth<T>(work: Promise<T>): Promise<{ readonly result: T; readonly longestMs: number }> {
  let longestMs = 0;
  let isOver = false;
  const ask = async (): Promise<void> => {
    while (!isOver) {
      const started = performance.now();
      await (await fetch(`${hostile.world.process.url}/healthz`)).text();
      longestMs = Math.max(longestMs, performance.now() - started);
    }
  };
  const asking = ask();
  const result = await work.finally(() => {
    isOver = true;
  });
  await asking;
  return { result, longestMs };
}

/** What an attacker gains: a process that runs out of memory, or answers nobody for minutes. */
describe('a commit of too many manifests', () => {
  it.each([
    ['of lists in lists', '[],', ']'],
    ['of one long text', 'x', '"]'],
  ])('%s, a megabyte each, is reported as too large and costs little', async (_what, piece, end) => {
    const start = piece === 'x' ? '["' : '[';
    const rest = `${start}${piece.repeat(1_000_000 / piece.length)}${end === ']' ? '0]' : end}`;
    const files = Array.from({ length: 300 }, (_, index) => [
      `p${index}/package.json`,
      `{"name":"com.studio.p${index}","version":"1.0.0","x":${rest}}`,
    ]);
    const before = readPeakMb();
    const job = await hostile.attack({ files: Object.fromEntries(files) as TreeFiles }, slugs[0]);
    expect(job.failure?.reason).toBe('repository-too-large');
    expect(readPeakMb()).toBeLessThan(before + 300);
  });

  it('in 160,000 nested folders is reported as too large, and everybody else is answered meanwhile', async () => {
    const slug = slugs[1] ?? '';
    const bare = join(hostile.world.folder, 'git', `${slug}.git`);
    const base = hostile.world.push({ files: unityPackage('com.studio.wide', '1.0.0') }, slug);
    const oid = gitSync(['-C', bare, 'hash-object', '-w', '--stdin'], '{"name":"com.studio.x"}');
    const manifest = `100644 blob ${oid}\tpackage.json\n`;
    const tree = (inner: string): string => {
      const folders = Array.from({ length: 400 }, (_, index) => `040000 tree ${inner}\td${index}\n`);
      return gitSync(['-C', bare, 'mktree'], folders.join('') + manifest);
    };
    const root = tree(tree(gitSync(['-C', bare, 'mktree'], manifest)));
    const who = ['-c', 'user.name=Eve', '-c', 'user.email=eve@studio.test'];
    const commit = gitSync(['-C', bare, ...who, 'commit-tree', root, '-p', base, '-m', 'Wide']);
    gitSync(['-C', bare, 'update-ref', 'refs/heads/main', commit]);
    const { result: job, longestMs } = await watchHealth(hostile.attackWith(commit, slug));
    expect(job.failure?.reason).toBe('repository-too-large');
    expect(longestMs).toBeLessThan(5_000);
  });
});
