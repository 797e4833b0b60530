import { type DiscordDouble, startDiscord } from 'discord-stand-in';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkThread } from '../../sandbox/thread-check.ts';
import { mixed, oneFailure, oneSuccess, tell } from '../browser/sample-messages.ts';

let discord: DiscordDouble;

beforeEach(async () => {
  discord = await startDiscord();
});
afterEach(async () => discord.stop());

describe('the messages that the thread must have for a job', () => {
  test.each([
    [oneSuccess, ['📦 com.studio.core 1.3.0']],
    [oneFailure, [expect.stringContaining('❌ com.studio.audio was not published')]],
    [mixed, ['📦 2 packages of studio/packages', expect.stringContaining('❌ com.studio.audio')]],
  ])('are found once the bot has posted them: %#', async (ended, texts) => {
    const checked = checkThread(discord, ended);
    await tell(discord, ended);
    expect(await checked).toEqual(texts.map((text) => ({ text, isThere: true })));
  });

  test('are missed when another job or another outcome was posted', async () => {
    await tell(discord, oneSuccess);
    const asFailed = await checkThread(discord, { job: oneSuccess.job, status: 'failed' }, 20);
    const asOther = await checkThread(discord, { job: 99, status: 'published' }, 20);
    expect([...asFailed, ...asOther].map((line) => line.isThere)).toEqual([false, false]);
  });

  test('are none when nothing was published and nothing failed', async () => {
    expect(await checkThread(discord, { job: 1, status: 'nothing-to-publish' })).toEqual([]);
  });
});
