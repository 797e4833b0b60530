import type { DiscordDouble, DiscordUser, Outcome } from 'discord-stand-in';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { gitSync } from '../../sandbox/git-sync.ts';
import { commitFiles, unityPackage } from '../../sandbox/unity-repository.ts';
import { World } from '../../sandbox/world.ts';
import { dispatcherPath } from '../../src/publisher/github/dispatcher-file.ts';
import { textOf } from '../bot/command-world.ts';
import { buttonOf, within } from './thread-world.ts';

let world: World;
let discord: DiscordDouble;
let operator: DiscordUser;

beforeAll(async () => {
  const env = { PUBLIC_URL: 'https://publisher.studio.test', OIDC_AUDIENCE: 'upm-auto-publisher' };
  world = await World.start({ discord: true, asApp: true, env });
  if (world.discord === undefined) throw new Error('this world has no Discord');
  discord = world.discord;
  operator = discord.user({ name: 'Olga', roles: [discord.operatorRoleId] });
  world.sendWebhooks();
  await vi.waitUntil(() => discord.commands().length === 5, within);
});
afterAll(async () => {
  await world?.stop();
});

const pullsOf = (slug: string) => world.github.repository(slug).pulls;

/** Adds a repository that nobody registered yet, with one package. */
async function repositoryWith(slug: string, name: string): Promise<void> {
  await world.addRepository(slug);
  world.push({ files: unityPackage(name, '1.0.0', { folder: 'Packages/One' }) }, slug);
}

async function add(repository: string, dispatcher: string): Promise<Outcome> {
  const options = { repository, dispatcher };
  const typed = { name: 'register', subcommand: 'add', options, user: operator } as const;
  const found = await discord.command(typed);
  await expect.poll(() => found.content, within).toMatch(/^Shall /);
  return found;
}

async function confirm(found: Outcome): Promise<Outcome> {
  if (found.message === undefined) throw new Error('nothing was asked');
  return discord.press(found.message.id, buttonOf(found.message, 'Confirm'), operator);
}

const announced = async (name: string, version: string) =>
  discord.waitForMessage(({ content }) => content.includes(`📦 ${name} ${version}`));

const versions = async (name: string) => Object.keys((await world.packument(name))?.versions ?? {});

describe('/register add with the real process', () => {
  it('goes from the command over a restart and the merge to the first publish and to every bump after that', async () => {
    const slug = 'studio/tools';
    await repositoryWith(slug, 'com.studio.tool');
    const found = await add(`https://github.com/${slug}`, 'open');
    expect(textOf(found)).toContain('1 found, **1** could be published now');
    await world.restart('SIGTERM');
    world.sendWebhooks();
    await expect.poll(() => discord.connections(), within).toBe(1);

    const done = await confirm(found);
    await expect
      .poll(() => done.content, within)
      .toMatch(/^✅ \[Pull request #1\]\(.*\/studio\/tools\/pull\/1\)/);
    expect(pullsOf(slug)).toMatchObject([{ state: 'open', base: 'main' }]);
    expect(pullsOf(slug)[0]?.body).toContain('`com.studio.tool` `1.0.0` in `Packages/One`');
    expect(await versions('com.studio.tool')).toEqual([]);

    world.github.merge(slug, 1);
    await announced('com.studio.tool', '1.0.0');
    const main = ['-C', world.github.repository(slug).bare, 'show', `main:${dispatcherPath}`];
    expect(gitSync(main)).toContain('PUBLISHER_URL: "https://publisher.studio.test"');

    const before = world.tip(slug) ?? '';
    const after = world.push(
      { files: unityPackage('com.studio.tool', '1.1.0', { folder: 'Packages/One' }) },
      slug,
    );
    await world.github.announcePush(slug, { ref: 'refs/heads/main', before, after });
    await announced('com.studio.tool', '1.1.0');
    expect(await versions('com.studio.tool')).toEqual(['1.0.0', '1.1.0']);
  });

  it('merges automatically when asked to, and publishes what the registry lacks', async () => {
    const slug = 'studio/merged';
    await repositoryWith(slug, 'com.studio.merged');
    const done = await confirm(await add(slug, 'merge'));
    await expect.poll(() => done.content, within).toMatch(/^✅ \[Pull request #1\]\(.*\) is merged/);
    await announced('com.studio.merged', '1.0.0');
    expect(pullsOf(slug)).toMatchObject([{ state: 'closed', mergedAs: expect.any(String) }]);
  });

  it('registers one repository and opens one pull request when it is used twice at once', async () => {
    const slug = 'studio/twice';
    await repositoryWith(slug, 'com.studio.twice');
    const found = await Promise.all([add(slug, 'open'), add(slug, 'open')]);
    const done = await Promise.all(found.map(confirm));
    for (const outcome of done) {
      await expect.poll(() => outcome.content, within).toMatch(/^✅ \[Pull request #1\]/);
    }
    expect(pullsOf(slug)).toHaveLength(1);
    const options = { repository: slug };
    const status = await discord.command({ name: 'status', options, user: operator });
    await expect.poll(() => textOf(status), within).toContain('pending');
    const typed = { name: 'status', options: { repository: slug }, focused: 'repository', user: operator };
    const shown = await discord.autocomplete(typed);
    expect(shown.choices).toHaveLength(1);
  });

  it('says that a pull request waits for its checks, and follows a person who merges it', async () => {
    const slug = 'studio/guarded';
    await repositoryWith(slug, 'com.studio.guarded');
    world.github.protect(slug, 'main', { how: 'classic', checksPending: true });
    const done = await confirm(await add(slug, 'merge'));
    await expect
      .poll(() => done.content, within)
      .toMatch(/^⏳ \[Pull request #1\]\(.*as soon as its checks and reviews allow it/);
    expect(await versions('com.studio.guarded')).toEqual([]);
    world.github.protect(slug, 'main', undefined);
    world.github.merge(slug, 1);
    await announced('com.studio.guarded', '1.0.0');
  });

  it('merges nothing that somebody else pushed to its branch, and tells the thread', async () => {
    const slug = 'studio/shared-branch';
    await repositoryWith(slug, 'com.studio.shared');
    const opened = await confirm(await add(slug, 'open'));
    await expect.poll(() => opened.content, within).toMatch(/^✅ \[Pull request #1\]/);
    const { bare } = world.github.repository(slug);
    commitFiles(bare, { branch: 'upm-auto-publisher/register', files: { 'Editor/Extra.cs': '// theirs\n' } });
    const refused = await confirm(await add(slug, 'merge'));
    await expect.poll(() => refused.content, within).toContain('did not write');
    expect(pullsOf(slug)).toMatchObject([{ state: 'open', mergedAs: undefined }]);
    expect(gitSync(['-C', bare, 'ls-tree', '-r', '--name-only', 'main'])).not.toContain('Extra.cs');
    const texts = (): readonly string[] => discord.messages().map(({ embeds }) => JSON.stringify(embeds));
    await expect
      .poll(texts, within)
      .toContainEqual(expect.stringContaining('holds a commit that the publisher did not write'));
  });

  it('has broken no rule of Discord', () => {
    expect(discord.violations()).toEqual([]);
  });
});
