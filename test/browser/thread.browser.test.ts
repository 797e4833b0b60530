import { describe, expect, test } from 'vitest';
import { openPage, sidewaysOverflow, takeScreenshot, widths } from './browser.ts';
import { many, mixed, oneFailure, oneSuccess, tell, tellOutage } from './sample-messages.ts';
import { browser, discord, useShownDiscord } from './shown-discord.ts';

useShownDiscord();

const scenes: readonly (readonly [string, () => Promise<void>, readonly string[]])[] = [
  [
    'success',
    async () => tell(discord, oneSuccess),
    ['📦 Package Published Successfully', '1.2.4 → 1.3.0 🟡 MINOR', 'studio/packages'],
  ],
  [
    'failure',
    async () => tell(discord, oneFailure),
    ['❌ Package Publish Failed', 'The registry does not let us publish com.studio.audio', 'press Retry'],
  ],
  [
    'mixed',
    async () => tell(discord, mixed),
    ['2 not published, see the reply', '1 held by com.studio.audio', 'no CHANGELOG.md'],
  ],
  [
    '109-packages',
    async () => tell(discord, many),
    ['(109 packages)', '… and 99 more, all in the attached list', 'job-44.txt'],
  ],
  ['outage', async () => tellOutage(discord), ['⏳ Registry unreachable', '3 publishes wait']],
];

describe.each(Object.entries(widths))('the thread on a %s screen', (screen, width) => {
  test.each(scenes)('%s is readable, and nothing sticks out of it', async (name, say, texts) => {
    await say();
    const { page, errors } = await openPage(browser, discord.pageUrl, width);
    await takeScreenshot(page, `${name}-${screen}`);
    for (const text of texts) {
      const found = page.locator('#messages').getByText(text).last();
      await found.scrollIntoViewIfNeeded();
      expect(await found.isVisible(), text).toBe(true);
    }
    expect(await sidewaysOverflow(page)).toBe(0);
    expect(errors).toEqual([]);
    expect(discord.violations()).toEqual([]);
  });
});
