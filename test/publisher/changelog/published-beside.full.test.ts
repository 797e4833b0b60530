import { describe, expect, it } from 'vitest';
import { type CommitOptions, unityPackage } from '../../../sandbox/unity-repository.ts';
import type { CommitSha } from '../../../src/domain/repository/repository.ts';
import { begin, change, commit, core, ranges, release, subjects, useRangeWorld } from './range-world.ts';

useRangeWorld();

const side = 'release/1.0';

function write(message: string, path: string, options: CommitOptions = {}, content = message): CommitSha {
  return commit(message, { files: { [`Core/${path}`]: `// ${content}\n` }, ...options });
}

/** Publishes 1.0.0 on main, adds feature A there, and publishes a fix as 1.0.1 on another branch. */
function publishBeside(fix: Omit<CommitOptions, 'message'> & { readonly message?: string } = {}) {
  const first = begin();
  write('Feature A', 'Runtime/A.cs');
  const fixed = write('Fix walls', 'Runtime/Wall.cs', { branch: side, parent: first, ...fix });
  const backport = release('1.0.1', 'Raise to 1.0.1', { branch: side, parent: fixed });
  const recorded = { '1.0.1': backport, '1.0.0': first };
  return { first, fixed, backport, asked: { published: ['1.0.1', '1.0.0'], recorded } };
}

async function finish(asked: Parameters<typeof subjects>[1]): Promise<readonly string[]> {
  write('Feature B', 'Runtime/B.cs');
  return subjects(release('1.1.0', 'Raise to 1.1.0'), asked);
}

describe('a change that was published from another branch is in the changelog once', () => {
  const both = ['Feature B', 'Feature A'];

  it('when nothing of it came over, and when it was merged', async () => {
    const { asked, backport } = publishBeside();
    expect(await finish(asked)).toEqual(both);
    const merge = commit('Merge branch release/1.0', { merge: backport });
    expect([...(await subjects(merge, asked))].toSorted()).toEqual([...both].toSorted());
  });

  it('when it was cherry-picked with the same contents and another message', async () => {
    const { asked } = publishBeside();
    write(
      'Walls are whole again',
      'Runtime/Wall.cs',
      { author: 'Bob', email: 'bob@studio.test' },
      'Fix walls',
    );
    expect(await finish(asked)).toEqual(both);
  });

  it('when it was cherry-picked or rebased and the file differs here', async () => {
    const { asked } = publishBeside();
    write('Fix walls', 'Runtime/Wall.cs', {}, 'with what came before');
    expect(await finish(asked)).toEqual(both);
  });

  it('when git noted where it was cherry-picked from, in either direction', async () => {
    const { asked, fixed } = publishBeside();
    write(
      `Walls\n\n(cherry picked from commit ${fixed})`,
      'Runtime/Wall.cs',
      { dateSeconds: 1_790_000_500 },
      'other',
    );
    expect(await finish(asked)).toEqual(both);
  });

  it('when it was made here first and then cherry-picked to the branch', async () => {
    const first = begin();
    const made = write('Repair walls', 'Runtime/Wall.cs');
    write('Feature A', 'Runtime/A.cs');
    const body = `Repair walls for 1.0\n\n(cherry picked from commit ${made})`;
    const picked = write(
      body,
      'Runtime/Wall.cs',
      { branch: side, parent: first, dateSeconds: 1_790_000_500 },
      'other',
    );
    const backport = release('1.0.1', 'Raise to 1.0.1', { branch: side, parent: picked });
    const recorded = { '1.0.1': backport, '1.0.0': first };
    expect(await finish({ published: ['1.0.1', '1.0.0'], recorded })).toEqual(both);
  });

  it('when a bot brought it back under another pull request’s number', async () => {
    const { asked } = publishBeside({ message: '[release/1.0] Fix walls (#12) (#15)', author: 'a bot' });
    write('Fix walls (#12)', 'Runtime/Wall.cs', { dateSeconds: 1_790_000_500 }, 'other');
    expect(await finish(asked)).toEqual(both);
  });

  it('when several changes were squashed into one whose message lists them', async () => {
    const { asked } = publishBeside();
    const message = 'Sync with the release branch (#20)\n\n* Fix walls\n\n* Raise to 1.0.1\n';
    write(message, 'Runtime/Wall.cs', { author: 'Bob', dateSeconds: 1_790_000_500 }, 'merged');
    expect(await finish(asked)).toEqual(both);
  });

  it('but not when the commit that brings it contains something else too', async () => {
    const { asked } = publishBeside();
    commit('Walls and windows (#21)', {
      files: { 'Core/Runtime/Wall.cs': '// Fix walls\n', 'Core/Runtime/Window.cs': '// new\n' },
    });
    expect(await finish(asked)).toEqual(['Feature B', 'Walls and windows (#21)', 'Feature A']);
  });

  it('when the branch had merged main before: what it published of main is not listed again', async () => {
    const { first, fixed } = publishBeside();
    const featureC = write('Feature C', 'Runtime/C.cs');
    const merge = commit('Merge main', { branch: side, parent: fixed, merge: featureC });
    const backport = release('1.0.1', 'Raise to 1.0.1', { branch: side, parent: merge });
    const recorded = { '1.0.1': backport, '1.0.0': first };
    expect(await finish({ published: ['1.0.1', '1.0.0'], recorded })).toEqual(['Feature B']);
  });

  it('also when the package’s folder was another one there', async () => {
    const first = begin('1.0.0', 'Old');
    const fixed = commit('Fix walls', {
      branch: side,
      parent: first,
      files: { 'Old/Runtime/Wall.cs': '// fixed\n' },
    });
    const old = unityPackage(core, '1.0.0', { folder: 'Old' });
    commit('Move it', { remove: Object.keys(old), files: unityPackage(core, '1.0.0', { folder: 'Core' }) });
    write('Walls as there', 'Runtime/Wall.cs', {}, 'fixed');
    const head = release('1.1.0', 'Raise to 1.1.0');
    const asked = {
      published: ['1.0.1', '1.0.0'],
      recorded: { '1.0.1': fixed, '1.0.0': first },
      recordedIn: 'Old',
    };
    expect(await subjects(head, asked)).toEqual(['Move it']);
  });

  it('and nothing is lost when that branch is gone from everywhere', async () => {
    const first = begin();
    write('Feature A', 'Runtime/A.cs');
    release('1.0.1', 'Take over release 1.0 (#5)');
    const recorded = { '1.0.1': 'f'.repeat(40) as CommitSha, '1.0.0': first };
    expect(await finish({ published: ['1.0.1', '1.0.0'], recorded })).toEqual(both);
  });
});

describe('a bump of versions that belong together', () => {
  it('is no change: neither its own version, nor those of packages beside it', async () => {
    const needs = (version: string) => ({ folder: 'Core', dependencies: { 'com.studio.ui': version } });
    commit('Begin', {
      files: {
        ...unityPackage(core, '1.0.0', needs('1.0.0')),
        ...unityPackage('com.studio.ui', '1.0.0', { folder: 'Ui' }),
      },
    });
    change('Open doors');
    const manifest = unityPackage(core, '1.1.0', needs('1.1.0'))['Core/package.json'] ?? '';
    const head = commit('All at once', { files: { 'Core/package.json': manifest } });
    expect(await subjects(head)).toEqual(['Open doors']);
    const other = unityPackage(core, '1.1.0', {
      folder: 'Core',
      dependencies: { 'com.studio.ui': '1.1.0', 'com.other.x': '1.0.0' },
    });
    const more = commit('Needs x', { files: { 'Core/package.json': other['Core/package.json'] ?? '' } });
    expect(await subjects(more)).toEqual(['Needs x', 'Open doors']);
    expect((await ranges(more)).byFolder.get('Core')?.isChanged).toBe(true);
  });
});
