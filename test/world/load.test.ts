import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { World } from '../../sandbox/world.ts';
import { countPuts } from '../faults/killed-batch.ts';
import { killBehind, many } from './killed-behind.ts';
import { readCount } from './stored-rows.ts';

let world: World;

beforeAll(async () => {
  world = await World.start({ repositories: [{ slug: many }] });
});

afterAll(async () => world.stop());

describe('a request that is no dispatch', () => {
  const commit = '1'.repeat(40);
  const good = JSON.stringify({ repository: 'studio/packages', commit_sha: commit });
  const hex = '0'.repeat(64);

  it.each([
    ['no signature', '', 'signature-missing'],
    ['a short signature', 'sha256=abc', 'signature-invalid'],
    ['a wrong signature', `sha256=${hex}`, 'signature-invalid'],
  ])('with %s is refused with 401', async (_, signature, code) => {
    const headers = signature === '' ? {} : { 'x-hub-signature-256': signature };
    const answer = await fetch(`${world.process.url}/dispatch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: good,
    });
    expect([answer.status, await answer.json()]).toEqual([401, expect.objectContaining({ code })]);
  });

  it('of 2 MB is refused with 413', async () => {
    expect((await world.post(JSON.stringify({ padding: 'x'.repeat(2 ** 21) }))).status).toBe(413);
  });

  it('that is no JSON is refused with 400', async () => {
    const answer = await world.post('{"repository": "studio/packages"');
    expect([answer.status, await answer.json()]).toEqual([
      400,
      expect.objectContaining({ code: 'invalid-payload' }),
    ]);
  });

  it('with missing members is refused with 400 and every problem', async () => {
    const answer = await world.post(JSON.stringify({ repository: 7, package_path: '../other' }));
    const problem = JSON.stringify(await answer.json());
    expect(answer.status).toBe(400);
    for (const field of ['repository', 'commit_sha', 'package_path']) expect(problem).toContain(field);
  });

  it('leaves nothing behind', () => {
    expect(readCount(world, 'select count(*) from dispatches')).toBe(0);
  });
});

describe('many dispatches at once', () => {
  it('are one job and one PUT when they are the same one twenty times', async () => {
    const name = 'com.studio.core';
    const commit = world.push({ files: unityPackage(name, '1.0.0') });
    const answers = await Promise.all(Array.from({ length: 20 }, async () => world.dispatch(commit)));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(new Set(answers.map(({ job }) => job)).size).toBe(1);
    expect(answers.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    const [first] = answers;
    expect((await world.finished(first?.id ?? '')).status).toBe('published');
    expect(await world.dispatch(commit)).toMatchObject({ job: first?.job, duplicate: true });
    expect(readCount(world, 'select count(*) from jobs')).toBe(1);
    expect(countPuts(world, name)).toBe(1);
  });

  it('are all accepted and none is lost when the process is killed right after its answers', async () => {
    const { promised, distinct, kept, reported } = await killBehind(world, 300);
    expect(kept).toEqual(promised);
    expect([promised.length, distinct, reported]).toEqual([300, 300, 300]);
  });
});
