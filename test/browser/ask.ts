import type { Locator, Page } from 'playwright-core';

/** Types a command with its options by their names, as the page's command line accepts them, and sends it. */
export async function ask(
  page: Page,
  command: string,
  options: Readonly<Record<string, string>> = {},
): Promise<void> {
  const line = page.getByLabel('Message', { exact: true });
  await line.fill(`/${command}`);
  await page
    .getByRole('option', { name: `/${command}` })
    .first()
    .click();
  for (const [name, value] of Object.entries(options)) await fill(page, name, value);
  const send = page.getByRole('button', { name: 'Send' });
  if (await send.isVisible()) await send.click();
}

async function fill(page: Page, name: string, value: string): Promise<void> {
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

/** Returns the newest answer that only this person sees, once it contains this text. */
export async function answered(page: Page, text: string | RegExp): Promise<Locator> {
  const message = page.locator('.message.ephemeral', { hasText: text }).last();
  await message.waitFor();
  return message;
}
