import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';

/** Lets only the page itself load, and turns the browser's own sandbox off, which does not work in a container. */
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const widths = { wide: 1280, narrow: 390 } as const;

export async function launchBrowser(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, args: flags });
}

export interface OpenPage {
  readonly page: Page;
  /** Errors that were thrown in the page or written to its console, refused loads included. */
  readonly errors: readonly string[];
}

/** Opens the page as a person does; resolves when it is connected. */
export async function openPage(
  browser: Browser,
  url: string,
  width: number = widths.wide,
): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, locale: 'en-GB' });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(url);
  await page.getByRole('tab', { name: 'upm-publishes' }).waitFor();
  return { page, errors };
}

/** Returns how far anything sticks out of the window or the thread sideways, in pixels. */
export async function sidewaysOverflow(page: Page): Promise<number> {
  const measure = "[document.documentElement, document.getElementById('messages')]";
  return page.evaluate<number>(`Math.max(...${measure}.map((box) => box.scrollWidth - box.clientWidth))`);
}

/**
 * Takes a picture of the visible page, or of a whole message, into the folder of SCREENSHOTS_DIR; does nothing without
 * it.
 */
export async function takeScreenshot(shown: Page | Locator, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS_DIR'];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await shown.screenshot({ path: join(folder, `${name}.png`) });
}
