import { Routes } from 'discord.js';
import { describe, expect, test } from 'vitest';
import { page, rest, send, useOpenThread } from './open-thread.ts';
import { discord } from './shown-discord.ts';

useOpenThread();

describe('the page shows changes at once', () => {
  test('an edit, a reply to a deleted message, and what happens to the thread', async () => {
    const id = await send({ content: 'first' });
    await page.getByText('first').waitFor();
    await rest.patch(Routes.channelMessage(discord.threadId, id), { body: { content: 'second' } });
    await page.locator('.content').getByText('second').waitFor();
    await page.getByText('(edited)').waitFor();
    await send({ content: 'a reply', message_reference: { message_id: id } });
    await page.locator('.above').getByText('@upm-publisher second').waitFor();
    await rest.delete(Routes.channelMessage(discord.threadId, id));
    await page.locator('.above').getByText('Original message was deleted').waitFor();
    expect(await page.locator('.content').allTextContents()).toEqual(['a reply']);
    discord.setThreadState(discord.threadId, { archived: true, locked: true });
    await page.getByText('This thread is archived and locked.').waitFor();
    discord.deleteThread(discord.threadId);
    await page.getByText('This thread was deleted.').waitFor();
  });

  test('the other thread is a tab away, and the page follows again after an outage', async () => {
    await send({ content: 'a digest' }, discord.monitoringThreadId);
    expect(await page.getByText('a digest').count()).toBe(0);
    await page.getByRole('tab', { name: 'upm-monitoring' }).click();
    await page.getByText('a digest').waitFor();
    await discord.goDown();
    await page.getByText('Not connected').waitFor();
    await discord.comeBack();
    await page.getByText('Not connected').waitFor({ state: 'hidden' });
    await send({ content: 'back' }, discord.monitoringThreadId);
    await page.locator('.content').getByText('back').waitFor();
  });

  test('an attached text is read when it is opened', async () => {
    await rest.post(Routes.channelMessages(discord.threadId), {
      body: { content: 'x' },
      files: [{ name: 'job-1.txt', data: Buffer.from('published  com.studio.core <b>') }],
    });
    await page.getByText('job-1.txt').click();
    await page.getByText('published com.studio.core').waitFor();
    expect(await page.locator('.file-text').textContent()).toBe('published  com.studio.core <b>');
  });
});

describe('the page is closed to other sites', () => {
  test.each([
    [{ origin: 'https://evil.test' }, 403],
    [{ host: 'evil.test' }, 403],
    [{ host: 'localhost:1' }, 403],
    [{}, 400],
  ])('a press with %o gets %i', async (headers, status) => {
    const response = await page.request.post(`${discord.pageUrl}act/press`, { headers, data: {} });
    expect(response.status()).toBe(status);
  });
});
