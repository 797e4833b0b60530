import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { World } from '../../sandbox/world.ts';
import { answered, ask } from './ask.ts';
import { launchBrowser, openPage, sidewaysOverflow, takeScreenshot } from './browser.ts';

const core = 'com.studio.core';
const ui = 'com.studio.ui';
let browser: Browser;
let world: World;
let page: Page;
let errors: readonly string[];

beforeAll(async () => {
  [browser, world] = await Promise.all([launchBrowser(), World.start({ discord: true, repositories: [] })]);
  await world.addRepository('studio/tools');
  world.push({ files: unityPackage('com.studio.tool', '1.0.0') }, 'studio/tools');
  world.push({
    message: 'Start',
    files: {
      ...unityPackage(core, '1.0.0', { folder: 'Packages/Core' }),
      ...unityPackage(ui, '2.0.0', { folder: 'Packages/Ui' }),
    },
  });
  // The commands are registered once the bot is connected.
  await world.process.waitFor((line) => line.msg === 'commands registered');
  ({ page, errors } = await openPage(browser, world.discord?.pageUrl ?? ''));
});
afterAll(async () => {
  await browser.close();
  await world.stop();
});

const newest = (): Locator => page.locator('.message.ephemeral').last();

describe('a person who runs the publisher from the thread', () => {
  test('sees what is unpublished, asks for the plan, publishes it, and reads its history and changelog', async () => {
    await ask(page, 'unpublished', { refresh: 'True' });
    const list = await answered(page, core);
    await list.getByText(ui).first().waitFor();
    await takeScreenshot(page, 'tour-unpublished');

    await ask(page, 'publish', { package: core, dry_run: 'True' });
    await answered(page, 'Dry run: nothing was sent');
    await takeScreenshot(page, 'tour-plan');
    expect(await world.packument(core)).toBeUndefined();

    await ask(page, 'publish', { package: core });
    await answered(page, 'Queued #1');
    const published = page.locator('.message', { hasText: 'Package Published Successfully' });
    await published.getByText(`${core} 1.0.0 · new package`).waitFor();
    expect(Object.keys((await world.packument(core))?.versions ?? {})).toEqual(['1.0.0']);

    await ask(page, 'status', { package: core });
    await answered(page, '#1');
    await takeScreenshot(page, 'tour-package');
    await ask(page, 'changelog', { package: core, version: '1.0.0' });
    await answered(page, `📝 ${core} 1.0.0`);
    await takeScreenshot(page, 'tour-changelog');
    expect(await sidewaysOverflow(page)).toBe(0);
    expect(errors).toEqual([]);
    expect(world.discord?.violations()).toEqual([]);
  });

  test('registers a repository, sees it in the overview, and removes it again', async () => {
    await ask(page, 'register add', { repository: 'studio/tools' });
    const found = await answered(page, 'com.studio.tool');
    await takeScreenshot(page, 'tour-register');
    await found.getByRole('button', { name: 'Confirm' }).click();
    await answered(page, /studio\/tools/);
    await ask(page, 'status');
    await answered(page, '2 active');
    await takeScreenshot(page, 'tour-overview');
    await ask(page, 'register remove', { repository: 'studio/tools' });
    await (await answered(page, /Remove|remove/))
      .getByRole('button', { name: 'Remove', exact: true })
      .click();
    await answered(page, /removed/i);
    expect(errors).toEqual([]);
    expect(world.discord?.violations()).toEqual([]);
  });

  test('reads who may do something when they may not', async () => {
    await page.getByLabel('acting as').selectOption({ label: 'Mika (member)' });
    await ask(page, 'publish', { package: core });
    await answered(page, 'You need Manage Server or @Publishers to do that.');
    await ask(page, 'status', { repository: 'studio/packages' });
    await answered(page, 'studio/packages');
    expect(await newest().count()).toBe(1);
    expect(errors).toEqual([]);
    expect(world.discord?.violations()).toEqual([]);
  });
});
