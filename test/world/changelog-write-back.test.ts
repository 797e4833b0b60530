import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gitSync } from '../../sandbox/git-sync.ts';
import { type TreeFiles, unityPackage } from '../../sandbox/unity-repository.ts';
import type { CommitSha } from '../../src/domain/repository/repository.ts';
import { payOwed } from '../../src/publisher/changelog/write-back/write-back-loop.ts';
import { openRegistry } from '../adapters/registry-fixtures.ts';
import { buildBareWriter } from '../publisher/changelog/bare-writer.ts';
import { type PipelineWorld, type Published, startPipelineWorld } from './pipeline-world.ts';

const never = new AbortController().signal;
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const name = 'com.studio.core';

let world: PipelineWorld;
let published: Published;

beforeAll(async () => {
  world = await startPipelineWorld();
  await world.publish(unityPackage(name, '1.0.0', { folder: 'Core' }));
  published = await world.publish(raised('1.1.0'));
  await pay();
});

afterAll(async () => world.stop());

/** Returns a higher version and a changed script; the changelog stays as it was committed. */
function raised(version: string): TreeFiles {
  const files = unityPackage(name, version, { folder: 'Core' });
  return {
    'Core/package.json': files['Core/package.json'] ?? '',
    'Core/Runtime/Example.cs': `// ${version}\n`,
  };
}

async function pay(): Promise<void> {
  const { clock, source, store } = world;
  const writer = buildBareWriter(world.bare);
  await payOwed({ ...store, clock, logger: quiet, source, writer, owed: store.writeBacks }, never);
}

function tip(): CommitSha {
  return gitSync(['-C', world.bare, 'rev-parse', 'main']) as CommitSha;
}

describe('after a publish', () => {
  it('the branch has exactly the changelog of the tarball', async () => {
    expect(published.job.status).toBe('published');
    const registry = openRegistry({ url: world.registry.url, token: () => world.registry.token });
    const inTarball = await registry.findText(name, '1.1.0', 'CHANGELOG.md', never);
    await registry.stop();
    expect(inTarball).toMatch(/## \[1\.1\.0\] - 2026-09-21\n\n### Changed\n\n- Change \(/);
    expect(`${gitSync(['-C', world.bare, 'show', 'main:Core/CHANGELOG.md'])}\n`).toBe(inTarball);
    expect(gitSync(['-C', world.bare, 'rev-parse', 'main^'])).toBe(published.commit);
  });

  it('a second run changes nothing, and our own commit publishes nothing', async () => {
    const head = tip();
    await pay();
    expect(tip()).toBe(head);
    const { job } = await world.dispatch(head);
    expect(job.status).toBe('nothing-to-publish');
    expect(job.packages).toMatchObject([{ name, outcome: 'unchanged' }]);
    await pay();
    expect(tip()).toBe(head);
  });

  it('the next version lists its own commits only, on top of ours', async () => {
    const { job } = await world.publish(raised('1.2.0'));
    await pay();
    expect(job.packages[0]?.changelog?.split('\n').filter((line) => line.startsWith('- '))).toHaveLength(1);
    const text = gitSync(['-C', world.bare, 'show', 'main:Core/CHANGELOG.md']);
    expect(text.match(/^## .*$/gm)).toEqual([
      '## [1.2.0] - 2026-09-21',
      '## [1.1.0] - 2026-09-21',
      '## [1.0.0] - 2026-01-01',
    ]);
  });
});
