import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gitSync } from '../../../../sandbox/git-sync.ts';
import { unityPackage } from '../../../../sandbox/unity-repository.ts';
import {
  begin,
  change,
  commit,
  core,
  ranges,
  release,
  subjects,
  useRangeWorld,
  world,
} from '../range-world.ts';

useRangeWorld();

describe('the commits of a version', () => {
  it('are all since the commit that introduced the version before, not only the last of a push', async () => {
    begin();
    change('Open doors');
    change('Close doors');
    const head = release('1.1.0', 'Raise the version');
    expect(await subjects(head)).toEqual(['Close doors', 'Open doors']);
  });

  it('begin after the published commit when that is recorded', async () => {
    begin();
    const published = change('Shipped with 1.0.0');
    change('New');
    const head = release('1.1.0', 'Raise the version');
    expect(await subjects(head)).toEqual(['New', 'Shipped with 1.0.0']);
    expect(await subjects(head, { recorded: { '1.0.0': published } })).toEqual(['New']);
  });

  it('are all commits when nothing was published yet', async () => {
    begin();
    const head = change('Open doors');
    expect(await subjects(head, { published: [] })).toEqual(['Open doors', 'Begin']);
  });

  it('include those of merges, with the number of the pull request', async () => {
    const first = begin();
    const side = change('On the side', { branch: 'side', parent: first });
    const main = commit('Elsewhere', { files: { 'notes.txt': 'x' } });
    const merge = commit('Merge pull request #41 from studio/side', { parent: main, merge: side });
    const head = release('1.1.0', 'Raise the version', { parent: merge });
    const found = await ranges(head);
    const [only] = found.byFolder.get('Core')?.commits ?? [];
    expect(only?.subject).toBe('On the side');
    expect(found.graph.pullRequestOf(only?.commit ?? '')).toBe(41);
    expect(found.byFolder.get('Core')?.commits).toHaveLength(1);
  });

  it('include those of a squashed pull request once', async () => {
    begin();
    const head = release('1.1.0', 'Add doors (#12)', {
      files: unityPackage(core, '1.1.0', { folder: 'Core', files: { 'Runtime/Door.cs': '//\n' } }),
    });
    expect(await subjects(head)).toEqual(['Add doors (#12)']);
  });

  it('follow the package when its folder is moved, also on branches from before the move', async () => {
    const first = begin('1.0.0', 'Assets/Core');
    change('Before the move', {}, 'Assets/Core');
    commit('A stranger where it will be', { files: { 'Core/Stranger.txt': 'x' } });
    const old = unityPackage(core, '1.0.0', { folder: 'Assets/Core' });
    const moved = unityPackage(core, '1.0.0', {
      folder: 'Core',
      files: { 'Runtime/Example.cs': '// Before the move\n' },
    });
    const remove = [...Object.keys(old), 'Core/Stranger.txt'];
    const move = commit('Move it', { remove, files: moved });
    const side = commit('Beside the move', {
      branch: 'side',
      parent: first,
      files: { 'Assets/Core/Runtime/Other.cs': '//\n' },
    });
    const merge = commit('Merge branch side', { parent: move, merge: side });
    change('After the move', { parent: merge });
    commit('A stranger where it was', { files: { 'Assets/Core/Runtime/Stranger.cs': '//\n' } });
    const head = release('1.1.0', 'Raise the version');
    const found = [...(await subjects(head))].toSorted();
    expect(found).toEqual(['After the move', 'Before the move', 'Beside the move', 'Move it']);
  });

  it('begin where the version was last set, when it was set, taken back, and set again', async () => {
    begin();
    release('2.0.0', 'Too high');
    change('Between');
    release('1.0.0', 'Lowered again');
    change('After');
    const head = release('1.0.1', 'Raise the version');
    expect(await subjects(head)).toEqual(['After', 'Between']);
    release('2.0.0', 'Now really');
    change('Later');
    const last = release('2.1.0', 'And on');
    expect(await subjects(last, { published: ['2.0.0', '1.0.1', '1.0.0'] })).toEqual(['Later']);
  });

  it('do not include those of another package of the repository, or of one inside its folder', async () => {
    commit('Begin', {
      files: {
        ...unityPackage(core, '1.0.0', { folder: '' }),
        ...unityPackage('com.studio.inner', '1.0.0', { folder: 'Packages/Inner' }),
      },
    });
    commit('Inner only', { files: { 'Packages/Inner/Runtime/Example.cs': '// x\n' } });
    commit('Root only', { files: { 'Runtime/Example.cs': '// y\n' } });
    const head = commit('Both', { files: { 'a.txt': '1', 'Packages/Inner/b.txt': '2' } });
    expect(await subjects(head, { folder: '' })).toEqual(['Both', 'Root only']);
    const inner = { folder: 'Packages/Inner', name: 'com.studio.inner' };
    expect(await subjects(head, inner)).toEqual(['Both', 'Inner only']);
  });

  it('leave out bots, our own commits, mere version bumps and what does not ship', async () => {
    begin();
    change('Bump a tool', { author: 'dependabot[bot]' });
    change('Update it', { email: '1+renovate[bot]@users.noreply.github.com' });
    change('docs: update changelogs', { author: 'upm-auto-publisher[bot]' });
    change('docs: update changelogs for com.studio.core 1.0.0 [skip ci]', { author: 'studio-account' });
    commit('Changelog', { files: { 'Core/CHANGELOG.md': '# Changelog\n' } });
    commit('Workflow', { files: { 'Core/.github/x.yml': 'x' } });
    release('1.0.1-beta.1', 'Bump');
    const manifest = unityPackage(core, '1.1.0', { folder: 'Core', manifest: { unity: '6000.0' } });
    const head = commit('Needs Unity 6', {
      files: { 'Core/package.json': manifest['Core/package.json'] ?? '' },
    });
    expect(await subjects(head)).toEqual(['Needs Unity 6']);
  });

  it('go back to an older version when the last one was published from another branch', async () => {
    const first = begin();
    const backport = release('1.0.1', 'Backport', { branch: 'release/1.0', parent: first });
    change('Open doors', { parent: first });
    const head = release('1.1.0', 'Raise the version');
    const recorded = { '1.0.1': backport, '1.0.0': first };
    expect(await subjects(head, { published: ['1.0.1', '1.0.0'], recorded })).toEqual(['Open doors']);
  });

  it('are found by the versions in the manifest when history was rewritten', async () => {
    begin();
    change('Old spelling');
    const gone = release('1.1.0', 'Raise the version');
    await ranges(gone);
    begin('1.0.0');
    const first = world.commit({
      parent: null,
      message: 'Anew',
      files: unityPackage(core, '1.1.0', { folder: 'Core' }),
    });
    change('After the rewrite', { parent: first });
    const head = release('1.2.0', 'Raise it again');
    const asked = { published: ['1.1.0', '1.0.0'], recorded: { '1.1.0': gone } };
    expect(await subjects(head, asked)).toEqual(['After the rewrite']);
  });

  it('are the same from a mirror without contents, a full one and one of a host without partial clones', async () => {
    begin();
    release('1.0.1-beta.1', 'Bump');
    change('Open doors');
    const head = release('1.1.0', 'Raise the version');
    const partial = await subjects(head);
    const tree = gitSync(['-C', world.bare, 'rev-list', '--objects', '--all']);
    expect(tree).toContain('Core/package.json');
    gitSync(['-C', world.bare, 'config', 'uploadpack.allowFilter', 'false']);
    await world.reopen({ folder: join(world.root, 'full') });
    expect(await subjects(head)).toEqual(partial);
    expect(partial).toEqual(['Open doors']);
  });

  it('need no file contents except manifests, so that other missing blobs are not fetched', async () => {
    begin();
    change('Open doors');
    const head = release('1.1.0', 'Raise the version');
    await ranges(head);
    world.host.clearRequests();
    await ranges(head);
    expect(world.host.requests()).toEqual([]);
    const missing = gitSync(['-C', world.mirror, 'rev-list', '--objects', '--missing=print', head]);
    expect(missing).toMatch(/^\?[0-9a-f]{40}$/m);
  });

  it('are those that the head has and another branch’s version lacks, when that branch was squashed into this one', async () => {
    const first = begin();
    change('Feature A');
    const side = commit('Fix walls', {
      branch: 'release/1.0',
      parent: first,
      files: { 'Core/Runtime/Wall.cs': '// fixed' },
    });
    const backport = release('1.0.1', 'Raise it', { branch: 'release/1.0', parent: side });
    commit('Take over release 1.0 (#5)', {
      files: {
        'Core/Runtime/Wall.cs': '// fixed',
        'Core/package.json': unityPackage(core, '1.0.1', { folder: 'Core' })['Core/package.json'] ?? '',
      },
    });
    commit('Feature B', { files: { 'Core/Runtime/B.cs': '// b' } });
    const head = release('1.1.0', 'Raise the version');
    const asked = { published: ['1.0.1', '1.0.0'], recorded: { '1.0.1': backport, '1.0.0': first } };
    expect(await subjects(head, asked)).toEqual(['Feature B', 'Feature A']);
  });
});
