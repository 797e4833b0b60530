import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gitSync } from '../../sandbox/git-sync.ts';
import { commitAll, unityPackage } from '../../sandbox/unity-repository.ts';

const demo = fileURLToPath(new URL('../../sandbox/demo.ts', import.meta.url));
let folder: string;
let bare: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'demo-'));
  bare = join(folder, 'own.git');
});
afterEach(async () => rm(folder, { recursive: true }));

function makeRepository(format: string): void {
  gitSync(['init', '--quiet', '--bare', `--object-format=${format}`, '--initial-branch=main', bare]);
  commitAll(
    bare,
    ['1.0.0', '1.0.1', '1.0.2'].map((version) => ({
      message: `Release ${version}`,
      files: {
        ...unityPackage('com.acme.core', version, { folder: 'core' }),
        ...unityPackage('com.acme.ui', version, { folder: 'ui', dependencies: { 'com.acme.core': version } }),
      },
    })),
  );
}

async function runDemo(repository: string): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve) => {
    const args = [demo, '--once', '--repository', repository];
    const child = execFile(process.execPath, args, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, output: stdout + stderr }),
    );
  });
}

describe('the demo with a repository of your own', () => {
  it('publishes from a bare one that git gc has packed with a bitmap', async () => {
    makeRepository('sha1');
    gitSync(['-C', bare, 'gc', '--quiet']);
    const packs = await readdir(join(bare, 'objects', 'pack'));
    expect(packs.some((name) => name.endsWith('.bitmap'))).toBe(true);
    const { code, output } = await runDemo(bare);
    expect(output).toContain('com.acme.ui 1.0.2 (latest)');
    expect(code).toBe(0);
  });

  it('publishes from a shallow clone', async () => {
    makeRepository('sha1');
    const clone = join(folder, 'clone');
    gitSync(['clone', '--quiet', '--depth=1', '--no-local', bare, clone]);
    expect(existsSync(join(clone, '.git', 'shallow'))).toBe(true);
    const { code, output } = await runDemo(clone);
    expect(output).toContain('com.acme.core 1.0.2 (latest)');
    expect(code).toBe(0);
  });

  it('says that commits named by SHA-256 are not supported', async () => {
    makeRepository('sha256');
    const { code, output } = await runDemo(bare);
    expect(output).toContain('names its commits by sha256: only sha1 is supported');
    expect(code).toBe(1);
  });
});
