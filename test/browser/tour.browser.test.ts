import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { World } from '../../sandbox/world.ts';
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
  // Registered as soon as the bot is connected.
  await world.process.waitFor((line) => line.msg === 'commands registered');
  ({ page, errors } = await openPage(browser, world.discord?.pageUrl ?? ''));
});
afterAll(async () => {
  await browser.close();
  await world.stop();
});

/** Types a command with its options by their names, as the page's command line takes them; Enter sends it. */
async function type(command: string, options: Readonly<Record<string, string>> = {}): Promise<void> {
  const line = page.getByLabel('Message', { exact: true });
  await line.fill(`/${command}`);
  await page
    .getByRole('option', { name: `/${command}` })
    .first()
    .click();
  for (const [name, value] of Object.entries(options)) await fill(name, value);
  const send = page.getByRole('button', { name: 'Send' });
  if (await send.isVisible()) await send.click();
}

async function fill(name: string, value: string): Promise<void> {
  const more = page.getByRole('button', { name: `+ ${name}` });
  if (await more.isVisible()) await more.click();
  const choice = page.locator(`select[name="${name}"]`);
  if ((await choice.count()) > 0) {
    await choice.selectOption(value);
    return;
  }
  const field = page.locator(`input[name="${name}"]`);
  await field.pressSequentially(value, { delay: 5 });
  const offered = page.getByRole('option', { name: value });
  await offered
    .first()
    .waitFor({ timeout: 2_000 })
    .catch(() => undefined);
  if (await offered.first().isVisible()) await offered.first().click();
}

const newest = (): Locator => page.locator('.message.ephemeral').last();

/** The newest answer that only the person sees, once it says this. */
async function answered(text: string | RegExp): Promise<Locator> {
  const message = page.locator('.message.ephemeral', { hasText: text }).last();
  await message.waitFor();
  return message;
}

describe('a person who runs the publisher from the thread', () => {
  test('sees what is unpublished, asks for the plan, publishes it, and reads its history and changelog', async () => {
    await type('unpublished', { refresh: 'True' });
    const list = await answered(core);
    await list.getByText(ui).first().waitFor();
    await takeScreenshot(page, 'tour-unpublished');

    await type('publish', { package: core, dry_run: 'True' });
    await answered('Dry run: nothing was sent');
    await takeScreenshot(page, 'tour-plan');
    expect(await world.packument(core)).toBeUndefined();

    await type('publish', { package: core });
    await answered('Queued #1');
    const published = page.locator('.message', { hasText: 'Package Published Successfully' });
    await published.getByText(`${core} 1.0.0 · new package`).waitFor();
    expect(Object.keys((await world.packument(core))?.versions ?? {})).toEqual(['1.0.0']);

    await type('status', { package: core });
    await answered('#1');
    await takeScreenshot(page, 'tour-package');
    await type('changelog', { package: core, version: '1.0.0' });
    await answered(`📝 ${core} 1.0.0`);
    await takeScreenshot(page, 'tour-changelog');
    expect(await sidewaysOverflow(page)).toBe(0);
    expect(errors).toEqual([]);
    expect(world.discord?.violations()).toEqual([]);
  });

  test('registers a repository, sees it in the overview, and removes it again', async () => {
    await type('register add', { repository: 'studio/tools' });
    const found = await answered('com.studio.tool');
    await takeScreenshot(page, 'tour-register');
    await found.getByRole('button', { name: 'Confirm' }).click();
    await answered(/studio\/tools/);
    await type('status');
    await answered('2 active');
    await takeScreenshot(page, 'tour-overview');
    await type('register remove', { repository: 'studio/tools' });
    await (await answered(/Remove|remove/)).getByRole('button', { name: 'Remove', exact: true }).click();
    await answered(/removed/i);
    expect(errors).toEqual([]);
    expect(world.discord?.violations()).toEqual([]);
  });

  test('is told who may, when they may not', async () => {
    await page.getByLabel('acting as').selectOption({ label: 'Mika (member)' });
    await type('publish', { package: core });
    await answered('You need Manage Server or @Publishers to do that.');
    await type('status', { repository: 'studio/packages' });
    await answered('studio/packages');
    expect(await newest().count()).toBe(1);
    expect(errors).toEqual([]);
    expect(world.discord?.violations()).toEqual([]);
  });
});
