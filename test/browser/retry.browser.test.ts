import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { World } from '../../sandbox/world.ts';
import { launchBrowser, openPage, takeScreenshot } from './browser.ts';

const name = 'com.studio.audio';
let browser: Browser;
let world: World;

beforeAll(async () => {
  [browser, world] = await Promise.all([launchBrowser(), World.start({ discord: true })]);
});
afterAll(async () => {
  await browser.close();
  await world.stop();
});

/** Makes the registry answer as to a token that may not publish the name. */
function denyPublishing(): void {
  world.proxy.setFaults(({ method, path }) =>
    method === 'PUT' && path.startsWith(`/${name}`)
      ? { kind: 'status', status: 403, body: JSON.stringify({ error: 'publishing is not allowed' }) }
      : undefined,
  );
}

describe('a person in the thread', () => {
  test('reads why a package was not published, has the cause fixed, presses Retry, and reads that it is published', async () => {
    const { discord } = world;
    if (discord === undefined) throw new Error('a world without Discord');
    const { page, errors } = await openPage(browser, discord.pageUrl);
    denyPublishing();
    const refused = await world.publish({
      message: 'Audio 1.0.0',
      files: unityPackage(name, '1.0.0', { folder: 'Packages/Audio' }),
    });
    expect(refused.status).toBe('failed');
    const failure = page.locator('.message', { hasText: 'Package Publish Failed' });
    await failure.getByText(`The registry does not let us publish ${name}`).first().waitFor();
    await failure.getByText('then press Retry').waitFor();
    expect(await world.packument(name)).toBeUndefined();

    world.proxy.setFaults(() => undefined);
    await failure.getByRole('button', { name: 'Retry' }).click();
    await page.getByText('Queued as #2.').waitFor();
    await failure.getByText('🔁 @Olga retried it as #2').waitFor();
    const retried = failure.getByRole('button', { name: 'Retried as #2' });
    await retried.waitFor();
    expect(await retried.isDisabled()).toBe(true);

    const published = page.locator('.message', { hasText: 'Package Published Successfully' });
    await published.getByText(`${name} 1.0.0 · new package`).waitFor();
    expect(Object.keys((await world.packument(name))?.versions ?? {})).toEqual(['1.0.0']);
    await takeScreenshot(page, 'retried');
    expect(errors).toEqual([]);
    expect(discord.violations()).toEqual([]);
  });

  test('reads the stages and the log of a failed job behind Details, in an answer that nobody else sees', async () => {
    const { discord } = world;
    if (discord === undefined) throw new Error('a world without Discord');
    const { page } = await openPage(browser, discord.pageUrl);
    const failure = page.locator('.message', { hasText: 'Package Publish Failed' });
    await failure.getByRole('button', { name: 'Details' }).click();
    const answer = page.locator('.message.ephemeral', { hasText: 'studio/packages' });
    const details = answer.locator('pre code, .file').first();
    await details.waitFor();
    if ((await answer.locator('.file').count()) > 0) await answer.locator('.file summary').click();
    await answer.getByText('read-manifests').first().waitFor();
    await page.getByLabel('acting as').selectOption({ label: 'Mika (member)' });
    expect(await answer.count()).toBe(0);
  });
});
