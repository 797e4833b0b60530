import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TreeFiles } from '../../../sandbox/unity-repository.ts';
import { botName, ownHeadline } from '../../../src/domain/changelog/changelog.ts';
import type { CommitSha } from '../../../src/domain/repository/repository.ts';
import { core, tool, WatchedRepository } from './watched-repository.ts';

let studio: WatchedRepository;
beforeEach(async () => {
  studio = await WatchedRepository.start();
});
afterEach(async () => {
  await studio.stop();
});

describe('a push that a webhook announces', () => {
  let first: CommitSha;
  beforeEach(async () => {
    first = studio.push({ ...core('1.0.0'), ...tool('1.0.0') });
    await studio.look();
    studio.accepted.length = 0;
  });

  it('dispatches only its head when it has several commits', async () => {
    studio.push(core('1.0.1'));
    const head = studio.push(core('1.0.2'));
    expect(await studio.announce(first, head)).toBe('job #1');
    expect(studio.accepted).toEqual([{ commit: head, by: 'event' }]);
  });

  it('shows by its beginning that an earlier push was missed, which is then dispatched first', async () => {
    const missed = studio.push(core('1.0.1'));
    studio.push(core('1.0.2'));
    const head = studio.push(core('1.0.3'));
    expect(await studio.announce(missed, head)).toBe('job #2, after 1 that no event announced');
    expect(studio.accepted).toEqual([
      { commit: missed, by: 'catch-up' },
      { commit: head, by: 'event' },
    ]);
  });

  it('shows nothing missed when it began at a commit which it force-pushed over', async () => {
    const lost = studio.push(core('1.0.1'));
    const head = studio.push(core('1.0.2'), { parent: first });
    expect(await studio.announce(lost, head)).toBe('job #1');
    expect(studio.accepted).toEqual([{ commit: head, by: 'event' }]);
  });
});

describe('our own commit', () => {
  const own = { author: botName, message: `${ownHeadline}\n\nFor com.studio.core` };
  const changelog: TreeFiles = { 'Core/CHANGELOG.md': '# Changelog\n' };

  beforeEach(async () => {
    studio.push(core('1.0.0'));
    await studio.look();
    studio.accepted.length = 0;
  });

  it('makes no job, whatever failed before it and whether its parent was judged or still waits', async () => {
    studio.open = ['Core'];
    const bump = studio.push(core('1.0.1'));
    studio.areJobsWaiting = true;
    await studio.look();
    const head = studio.push(changelog, own);
    expect(await studio.announce(bump, head)).toBe('no manifest changed');
    expect(await studio.look()).toEqual([]);
    expect(studio.accepted.map(({ commit }) => commit)).toEqual([bump]);
  });

  it('is judged on a second branch that was forwarded to it', async () => {
    const main = studio.seen();
    const branch = 'release/1.x';
    const bump = studio.push(core('1.0.1'), { branch, parent: main });
    await studio.look();
    const head = studio.push(changelog, { branch, ...own });
    expect(await studio.announce(bump, head, branch)).toBe('no manifest changed');
    expect(studio.accepted.map(({ commit }) => commit)).toEqual([bump]);
    studio.moveBranch('main', head);
    expect(await studio.announce(main, head)).toBe('job #2');
    expect(await studio.look()).toEqual([]);
  });
});
