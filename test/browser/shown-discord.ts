import { type DiscordDouble, startDiscord } from 'discord-stand-in';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { launchBrowser } from './browser.ts';

export let browser: Browser;
export let discord: DiscordDouble;

/**
 * Call at the top of a test file: one browser for all its tests, and a Discord for each; pages are closed after each
 * test.
 */
export function useShownDiscord(): void {
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => browser.close());
  beforeEach(async () => {
    discord = await startDiscord();
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    await discord.stop();
  });
}
