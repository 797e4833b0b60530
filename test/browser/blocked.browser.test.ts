import type { DiscordDouble } from 'discord-stand-in';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TreeFiles, unityPackage } from '../../sandbox/unity-repository.ts';
import { World } from '../../sandbox/world.ts';
import { answered, ask } from './ask.ts';
import { launchBrowser, openPage, sidewaysOverflow, takeScreenshot, widths } from './browser.ts';

const failed = 'Package Publish Failed';
const succeeded = 'Package Published Successfully';
let browser: Browser;
let world: World;
let discord: DiscordDouble;
let page: Page;
let errors: readonly string[];

beforeAll(async () => {
  [browser, world] = await Promise.all([launchBrowser(), World.start({ discord: true })]);
  if (world.discord === undefined) throw new Error('a world without Discord');
  discord = world.discord;
  world.sendWebhooks();
  // The commands are registered once the bot is connected.
  await world.process.waitFor((line) => line.msg === 'commands registered');
  ({ page, errors } = await openPage(browser, discord.pageUrl));
});
afterAll(async () => {
  await browser.close();
  await world.stop();
});

const actAs = async (name: string) => page.getByLabel('acting as').selectOption({ label: name });

/** Returns the bot's newest message that everybody sees. */
async function told(title: string, name: string): Promise<Locator> {
  const message = page
    .locator('.message:not(.ephemeral)', { hasText: title })
    .filter({ hasText: name })
    .last();
  await message.waitFor();
  return message;
}

async function publish(message: string, files: TreeFiles): Promise<void> {
  await world.publish({ message, files });
}

const folderOf = (name: string): string => `Packages/${name.split('.').at(-1)}`;

/** Makes a package with one additional script whose meta nobody committed. */
function oneMissing(name: string): TreeFiles {
  const folder = folderOf(name);
  return { ...unityPackage(name, '1.0.0', { folder }), [`${folder}/Runtime/NoMeta.cs`]: 'class NoMeta {}\n' };
}

/** Makes a package with scripts, folders and a sample without metas, and a merge that nobody finished. */
function untidy(name: string): TreeFiles {
  const folder = folderOf(name);
  return {
    ...oneMissing(name),
    [`${folder}/Runtime/Mixer.cs`]: 'class Mixer {}\n',
    [`${folder}/Runtime/Voices/Voice.cs`]: 'class Voice {}\n',
    [`${folder}/Samples/Demo/Demo.cs`]: 'class Demo {}\n',
    [`${folder}/Runtime/Example.cs`]: '<<<<<<< HEAD\nclass A {}\n=======\nclass B {}\n>>>>>>> other\n',
  };
}

describe('a person whose push preflight stops', () => {
  test('reads every rule with what to change, and finds the rest in the list and behind Details', async () => {
    const name = 'com.studio.audio';
    await publish('Audio: duck music under dialogue', untidy(name));
    const narrow = await openPage(browser, discord.pageUrl, widths.narrow);
    await narrow.page.getByText('Propose fix').first().waitFor();
    await takeScreenshot(narrow.page, 'blocked-narrow');
    expect(await sidewaysOverflow(narrow.page)).toBe(0);
    await narrow.page.context().close();

    const failure = await told(failed, name);
    const said = ((await failure.textContent()) ?? '').replaceAll(/\s+/g, ' ');
    expect(said).toContain('8 problems in the packed files');
    expect(said).toContain('push again; the version can stay.');
    expect(said).toContain('Propose fix opens a pull request that repairs 7 of them.');
    expect(said).toMatch(/meta\.missing · 7 times.*Runtime\/Mixer\.cs/);
    expect(said).toContain('text.conflict-marker');
    await takeScreenshot(failure, 'blocked');
    await failure.getByRole('button', { name: 'Details' }).click();
    const details = await answered(page, 'Stages, findings and log: attached.');
    await details.getByText('asked for by a push').waitFor();
    await details.locator('.file summary').click();
    await details.getByText('folder Samples/Demo has no Samples/Demo.meta').waitFor();
    await takeScreenshot(details, 'blocked-details');
  });

  test('may not publish anyway as a member; as an operator gives a reason in a form, which everybody reads', async () => {
    const name = 'com.studio.audio';
    const failure = await told(failed, name);
    await actAs('Mika (member)');
    await failure.getByRole('button', { name: 'Publish anyway' }).click();
    await answered(page, 'You need Manage Server or @Publishers to do that.');
    await actAs('Olga (Publishers)');
    await failure.getByRole('button', { name: 'Publish anyway' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(`${name} 1.0.0, in spite of 8 findings`).waitFor();
    await dialog.getByRole('textbox').fill('The demo is at noon');
    await takeScreenshot(page, 'blocked-anyway-form');
    await dialog.getByRole('button', { name: 'Submit' }).click();
    await answered(page, 'Queued as #2.');
    await failure.getByText('🔓 @Olga let it through as #2: The demo is at noon').waitFor();
    expect(await failure.getByRole('button', { name: 'Publish anyway' }).isDisabled()).toBe(true);
    expect(await failure.getByRole('button', { name: 'Let through as #2' }).isDisabled()).toBe(true);
    await takeScreenshot(failure, 'blocked-let-through');
    const success = await told(succeeded, name);
    await success.getByText('in spite of 8 findings, by @Olga: The demo is at noon').waitFor();
    await takeScreenshot(success, 'blocked-anyway-published');
  });

  test('chooses which of several packages to publish anyway', async () => {
    const names = ['com.studio.music', 'com.studio.voice'] as const;
    await publish('Music and voice', { ...oneMissing(names[0]), ...oneMissing(names[1]) });
    const failure = await told(failed, names[0]);
    await takeScreenshot(failure, 'blocked-two');
    await failure.getByRole('button', { name: 'Publish anyway' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox').fill('Music has no scripts to lose');
    await dialog.getByLabel('Which packages').selectOption([{ label: `${names[0]} 1.0.0` }]);
    await takeScreenshot(page, 'blocked-two-form');
    await dialog.getByRole('button', { name: 'Submit' }).click();
    await told(succeeded, `${names[0]} 1.0.0`);
    expect(await world.packument(names[1])).toBeUndefined();
  });

  test('has the package repaired by a pull request, merges it, and reads that the same version is published', async () => {
    const name = 'com.studio.mended';
    await publish('Mended 1.0.0', oneMissing(name));
    const failure = await told(failed, name);
    await failure.getByText('Propose fix opens a pull request that repairs it.').waitFor();
    await failure.getByRole('button', { name: 'Propose fix' }).click();
    const opened = await answered(page, `🔧 ${name}: opened pull request #1.`);
    await opened.getByText('Merge it, and the version that was stopped is published.').waitFor();
    const link = await opened.getByRole('link', { name: 'pull request #1' }).getAttribute('href');
    expect(link).toMatch(/\/studio\/packages\/pull\/1$/);
    await failure.getByText(`🔧 Proposed fix: pull request #1 (${name})`).waitFor();
    await takeScreenshot(page, 'blocked-fix');
    world.github.merge(world.slug, 1);
    await told(succeeded, `${name} 1.0.0`);
    await failure.getByRole('button', { name: 'Propose fix' }).click();
    await answered(page, 'pull request #1 was merged already; there is nothing to do.');
    await takeScreenshot(page, 'blocked-merged');
  });

  test('is not stopped where repairs are made while packing, and reads about the repair', async () => {
    const name = 'com.studio.staged';
    await ask(page, 'register edit', { repository: world.slug, fixes: 'staging' });
    await answered(page, 'fixes: off → staging');
    await publish('Staged 1.0.0', oneMissing(name));
    const success = await told(succeeded, name);
    await success.getByText('Repaired while packing').waitFor();
    await success.getByText(`🔧 ${name}: meta.missing: Runtime/NoMeta.cs`).waitFor();
    await takeScreenshot(success, 'staged');
    expect(await success.getByText('open the project in Unity').count()).toBe(0);
    await success.getByRole('button', { name: 'Propose fix' }).click();
    const opened = await answered(page, `🔧 ${name}: opened pull request #2.`);
    await opened.getByText('what was published stays as it is.').waitFor();
    await takeScreenshot(page, 'staged-fix');
    expect(await sidewaysOverflow(page)).toBe(0);
    expect(errors).toEqual([]);
    expect(discord.violations()).toEqual([]);
  });
});
