import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { World } from '../../sandbox/world.ts';

describe('as a GitHub App', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ asApp: true });
  });
  afterAll(async () => {
    await world?.stop();
  });

  it('a commit is read with a token of this one repository, even after that token was revoked', async () => {
    const first = await world.publish({ files: unityPackage('com.studio.app', '1.0.0') });
    expect(first.packages).toMatchObject([{ outcome: 'published' }]);
    const readers = [...world.github.state.tokens.values()].filter(
      ({ kind, canRead }) => kind === 'installation' && canRead,
    );
    const { id } = world.github.repository(world.slug);
    expect(readers).toMatchObject([{ repositories: [id], canWrite: false }]);
    world.github.expireTokens();
    const second = await world.publish({ files: unityPackage('com.studio.app', '1.0.1') });
    expect(second).toMatchObject({ status: 'published', attempts: 1 });
  });

  it('no token of the App is in the log', () => {
    const tokens = [...world.github.state.tokens.keys()];
    expect(tokens.length).toBeGreaterThan(0);
    expect(tokens.filter((token) => world.process.output().includes(token))).toEqual([]);
  });

  it('an App that was uninstalled is named with its remedy, and others go on', async () => {
    world.github.state.installations[0]?.hidden.add(world.slug);
    world.github.expireTokens();
    const refused = await world.publish({ files: unityPackage('com.studio.app', '1.0.2') });
    expect(refused.failure).toMatchObject({
      reason: 'repository-forbidden',
      remedy: expect.stringContaining('App'),
    });
    world.github.state.installations[0]?.hidden.clear();
    const { id } = await world.dispatch(world.tip(world.slug) ?? '');
    expect(await world.finished(id)).toMatchObject({ status: 'published' });
  });

  it('/readyz shows that the credentials are valid', async () => {
    const answer = await fetch(`${world.process.url}/readyz`);
    expect(await answer.json()).toMatchObject({ github: { state: 'ok' } });
  });
});

describe('a token that GitHub refuses', () => {
  it('is shown in /readyz before anybody publishes', async () => {
    const world = await World.start({ env: { GITHUB_TOKEN: 'a-token-nobody-knows' } });
    try {
      await world.process.waitFor((line) => line.msg === 'the git host’s API cannot be used');
      const answer = await fetch(`${world.process.url}/readyz`);
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({
        github: { state: 'down', why: expect.stringContaining('401') },
      });
    } finally {
      await world.stop();
    }
  });
});
