import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { core, tool, WatchedRepository } from './watched-repository.ts';

let studio: WatchedRepository;
beforeEach(async () => {
  studio = await WatchedRepository.start();
});
afterEach(async () => {
  await studio.stop();
});

describe('pushes that no event announced', () => {
  beforeEach(async () => {
    studio.push({ ...core('1.0.0'), ...tool('1.0.0') });
    await studio.look();
  });

  it('are dispatched in their order, once, even when one package was bumped twice', async () => {
    const commits = [studio.push(core('1.0.1')), studio.push(tool('1.1.0')), studio.push(core('1.0.2'))];
    expect(await studio.look()).toEqual(commits);
    expect(await studio.look()).toEqual([]);
  });

  it('end with the head, even when that changes no version, and even after a look that was killed', async () => {
    const bump = studio.push(core('1.0.1'));
    const other = studio.push(tool('1.1.0'));
    const head = studio.push({ 'README.md': 'Hello\n' });
    studio.dispatched.add(bump);
    expect(await studio.look()).toEqual([other, head]);
  });

  it('are left out when they gave no package another version', async () => {
    studio.push({ 'Core/package.json': '{ "name": "com.studio.core"' });
    const mended = studio.push(core('1.0.1'));
    studio.push({ 'Docs~/package.json': '{ "name": "com.studio.docs", "version": "1.0.0" }' });
    studio.push({ 'Core/package.json': '{ "name": "com.studio.core", "version": "1.0.1" }' });
    const head = studio.push(tool('1.1.0'));
    expect(await studio.look()).toEqual([mended, head]);
  });

  it('are the commits of the branch itself, not those that a merge brought', async () => {
    const fork = studio.push(tool('1.0.1'));
    studio.push(core('2.0.0'), { branch: 'feature', parent: fork });
    const inner = studio.push(core('2.0.1'), { branch: 'feature' });
    const merge = studio.push(core('2.0.1'), { merge: inner });
    const head = studio.push(tool('1.0.2'));
    expect(await studio.look()).toEqual([fork, merge, head]);
  });

  it('are not guessed when the branch went on from another one that had merged it', async () => {
    const start = studio.seen();
    const known = studio.push(tool('1.1.0'));
    await studio.look();
    studio.push(core('1.1.0'), { branch: 'feature', parent: start });
    const files = { ...core('1.2.0'), ...tool('1.1.0') };
    const head = studio.push(files, { branch: 'feature', merge: known });
    studio.moveBranch('main', head);
    expect(await studio.look()).toEqual([head]);
  });

  it('are not guessed when the branch was rewritten: only its head counts', async () => {
    const start = studio.seen();
    studio.push(core('1.0.1'));
    await studio.look();
    studio.push(core('1.1.0'), { parent: start });
    const head = studio.push(core('1.2.0'));
    expect(await studio.look()).toEqual([head]);
  });

  it('on a branch that is seen for the first time count as its head alone', async () => {
    const branch = 'release/2.x';
    studio.push(core('2.0.0'), { branch, parent: studio.seen() });
    const head = studio.push(core('2.0.1'), { branch });
    expect(await studio.look()).toEqual([head]);
  });

  it('are covered by a commit that was dispatched after them', async () => {
    studio.push(core('1.0.1'));
    studio.dispatched.add(studio.push(tool('1.1.0')));
    const after = studio.push(core('1.0.2'));
    const head = studio.push({ 'README.md': 'Hello\n' });
    expect(await studio.look()).toEqual([after, head]);
  });

  it('are at most the newest fifty, and the thread says when there were more', async () => {
    const commits = studio.pushAll(Array.from({ length: 53 }, (_, index) => core(`1.1.${index}`)));
    const head = studio.push({ 'README.md': 'Hello\n' });
    expect(await studio.look()).toEqual([...commits.slice(-50), head]);
    expect(studio.notices).toEqual([expect.stringMatching(/^More than 50 commits on main of studio\/tools/)]);
  });

  it('do not keep the head from being published when its history cannot be read', async () => {
    studio.push(core('1.0.1'));
    const head = studio.push(core('1.0.2'));
    const listLine = async () => Promise.reject(new Error('the history took too long to read'));
    expect(await studio.look({ listLine })).toEqual([head]);
  });

  it('count as bumps when the mirror lacks their manifests, and none is fetched to find out', async () => {
    await studio.forgetMirrors();
    const commits = [studio.push(core('1.0.1')), studio.push(tool('1.1.0')), studio.push(core('1.0.2'))];
    const readBlobs = async () => Promise.reject(new Error('contents were fetched'));
    expect(await studio.look({ readBlobs })).toEqual(commits);
  });
});
