import { describe, expect, test } from 'vitest';
import { openPage, sidewaysOverflow, takeScreenshot, widths } from './browser.ts';
import { oneFailure, tell } from './sample-messages.ts';
import { remind, tellDigest, tellMonitor } from './sample-reports.ts';
import { browser, discord, useShownDiscord } from './shown-discord.ts';

useShownDiscord();

const scenes: readonly (readonly [string, () => Promise<void>, readonly string[]])[] = [
  ['monitor', async () => tellMonitor(discord), ['2 things are wrong', '#51 of studio/world runs since']],
  [
    'reminder',
    async () => {
      await tell(discord, oneFailure);
      await remind(discord);
    },
    ['⏰ Still not published', 'Dismiss'],
  ],
  [
    'digest',
    async () => tellDigest(discord),
    ['6 versions of 6 packages published', '1 failed and still open', '5 of 127 names'],
  ],
];

describe.each(Object.entries(widths))('reports on a %s screen', (screen, width) => {
  test.each(scenes)('%s is readable, and nothing sticks out of it', async (name, say, texts) => {
    await say();
    const { page, errors } = await openPage(browser, discord.pageUrl, width);
    for (const text of texts) {
      const found = page.locator('#messages').getByText(text).last();
      await found.scrollIntoViewIfNeeded();
      expect(await found.isVisible(), text).toBe(true);
    }
    await takeScreenshot(page, `${name}-${screen}`);
    expect(await sidewaysOverflow(page)).toBe(0);
    expect(errors).toEqual([]);
    expect(discord.violations()).toEqual([]);
  });

  test('the digest’s picture is shown as it was drawn, with its description', async () => {
    await tellDigest(discord);
    const { page } = await openPage(browser, discord.pageUrl, width);
    const picture = page.getByRole('img', { name: 'Bars and lines of the last 30 days' });
    await picture.scrollIntoViewIfNeeded();
    const first = "document.querySelector('.embed-image')";
    const size = await page.evaluate<readonly number[]>(`[${first}.naturalWidth, ${first}.complete ? 1 : 0]`);
    expect(size).toEqual([1080, 1]);
    await takeScreenshot(page, `digest-picture-${screen}`);
  });
});
