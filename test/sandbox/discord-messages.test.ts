import { type APIMessage, Routes } from 'discord.js';
import type { DiscordDouble } from 'discord-stand-in';
import { describe, expect, test } from 'vitest';
import { discord, fixture, refusal, useDiscord } from './discord-fixture.ts';

useDiscord();

describe('messages of the Discord double', () => {
  test('a message with a file, its edit and a reply read back as they were sent', async () => {
    const sent = (await fixture.rest.post(Routes.channelMessages(discord.threadId), {
      body: { content: ' first ', embeds: [{ title: 't', fields: [{ name: 'a', value: 'b' }] }] },
      files: [{ name: 'all packages.txt', data: Buffer.from('com.x.core') }],
    })) as APIMessage;
    const edit = { body: { content: 'second' } };
    await fixture.rest.patch(Routes.channelMessage(discord.threadId, sent.id), edit);
    await fixture.send({ content: 'reply', message_reference: { message_id: sent.id } });

    const [first, second] = discord.messages();
    expect(first).toMatchObject({
      content: 'second',
      embeds: [{ title: 't', fields: [{ name: 'a', value: 'b', inline: false }] }],
      editedAt: expect.any(Number),
    });
    expect(first?.attachments.map((file) => [file.filename, file.text()])).toEqual([
      ['all_packages.txt', 'com.x.core'],
    ]);
    expect(second?.reference).toBe(sent.id);
    const listed = (await fixture.rest.get(Routes.channelMessages(discord.threadId))) as APIMessage[];
    expect(listed.map((message) => message.content)).toEqual(['reply', 'second']);
    expect(listed[0]?.referenced_message?.id).toBe(sent.id);
    expect(discord.violations()).toEqual([]);
  });

  test('pages of messages follow before, after, around and limit', async () => {
    const ids: string[] = [];
    for (const content of ['a', 'b', 'c', 'd', 'e']) ids.push((await fixture.send({ content })).id);
    const list = async (query: Record<string, string>) => {
      const found = await fixture.rest.get(Routes.channelMessages(discord.threadId), {
        query: new URLSearchParams(query),
      });
      return (found as APIMessage[]).map((message) => message.content).join('');
    };
    expect(await list({ limit: '2' })).toBe('ed');
    expect(await list({ before: ids[2] ?? '' })).toBe('ba');
    expect(await list({ after: ids[2] ?? '', limit: '1' })).toBe('d');
    expect(await list({ around: ids[2] ?? '', limit: '3' })).toBe('dcb');
  });

  test('an enforced nonce is stored once, and for a few minutes only', async () => {
    const body = { content: 'once', nonce: 'job-7-live', enforce_nonce: true };
    const first = await fixture.send(body);
    expect((await fixture.send({ ...body, content: 'twice' })).id).toBe(first.id);
    expect(first.nonce).toBe('job-7-live');
    const read = await fixture.rest.get(Routes.channelMessage(discord.threadId, first.id));
    expect(read).not.toHaveProperty('nonce');
    discord.advanceTime(10 * 60_000);
    expect((await fixture.send(body)).id).not.toBe(first.id);
  });

  test('only whom allowed_mentions lets through is notified', async () => {
    const content = '@everyone <@123456789012345678> <@&223456789012345678>';
    await fixture.send({ content });
    await fixture.send({ content, allowed_mentions: { parse: [] } });
    await fixture.send({ content, allowed_mentions: { users: ['123456789012345678'] } });
    const nobody = { everyone: false, users: [], roles: [] };
    expect(discord.messages().map((message) => message.pings)).toEqual([
      { everyone: true, users: ['123456789012345678'], roles: ['223456789012345678'] },
      nobody,
      { ...nobody, users: ['123456789012345678'] },
    ]);
  });

  test('waiting for a message sees past ones, coming ones and edits', async () => {
    const { id } = await fixture.send({ content: 'there' });
    expect((await discord.waitForMessage((message) => message.content === 'there')).id).toBe(id);
    const edited = discord.waitForMessage((message) => message.content === 'changed');
    await fixture.rest.patch(Routes.channelMessage(discord.threadId, id), { body: { content: 'changed' } });
    expect((await edited).id).toBe(id);
  });
});

describe('threads and permissions of the Discord double', () => {
  test('sending opens an archived thread again, and editing in it gets 50083', async () => {
    const { id } = await fixture.send({ content: 'x' });
    discord.archiveThread(discord.threadId);
    const edit = fixture.rest.patch(Routes.channelMessage(discord.threadId, id), { body: { content: 'y' } });
    expect(await refusal(edit)).toMatchObject({ code: 50083 });
    await fixture.send({ content: 'z' });
    const thread = await fixture.rest.get(Routes.channel(discord.threadId));
    expect(thread).toMatchObject({ thread_metadata: { archived: false } });
  });

  test.each([
    ['locked', (d: DiscordDouble) => d.lockThread(d.threadId), 160005, 403],
    ['deleted', (d: DiscordDouble) => d.deleteThread(d.threadId), 10003, 404],
    ['without SEND_MESSAGES_IN_THREADS', (d: DiscordDouble) => d.setBotPermissions(1n << 10n), 50013, 403],
    ['without VIEW_CHANNEL', (d: DiscordDouble) => d.setBotPermissions(0n), 50001, 403],
  ])('a message to a thread that is %s is refused with its code', async (_title, harm, code, status) => {
    harm(discord);
    expect(await refusal(fixture.send({ content: 'x' }))).toMatchObject({ code, status });
    expect(discord.messages()).toEqual([]);
  });

  test('an unknown message gets 10008 and an empty one 50006', async () => {
    const path = Routes.channelMessage(discord.threadId, discord.guildId);
    expect(await refusal(fixture.rest.patch(path, { body: { content: 'x' } }))).toMatchObject({
      code: 10008,
    });
    expect(await refusal(fixture.send({ content: '  ' }))).toMatchObject({ code: 50006 });
  });
});
