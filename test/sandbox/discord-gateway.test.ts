import { Events } from 'discord.js';
import { describe, expect, test } from 'vitest';
import {
  answerButtons,
  button,
  discord,
  fixture,
  once,
  refusal,
  replaceDiscord,
  row,
  useDiscord,
} from './discord-fixture.ts';

useDiscord();

describe('the gateway of the Discord double', () => {
  test('makes a discord.js client ready, which knows the server, its threads and its own permissions', async () => {
    const client = await fixture.logIn();
    const thread = client.channels.cache.get(discord.threadId);
    expect(client.guilds.cache.has(discord.guildId)).toBe(true);
    expect(thread?.isThread() && thread.permissionsFor(client.user)?.has('SendMessagesInThreads')).toBe(true);
    expect(discord.identifies()).toBe(1);
    expect(discord.violations()).toEqual([]);
  });

  test('replays what was dispatched during a drop when the client resumes', async () => {
    const client = await fixture.logIn();
    answerButtons(client, (customId) => `took ${customId}`);
    const message = await fixture.send({ content: 'x', components: [row(button('v1:retry:7'))] });
    const resumed = once(client, Events.ShardResume);
    discord.dropGateway({ resumable: true });
    const outcome = discord.press(message.id, 'v1:retry:7', discord.user({ name: 'Op' }));
    // Two events: the interaction, and RESUMED itself.
    expect(await resumed).toEqual([0, 2]);
    expect((await outcome).content).toBe('took v1:retry:7');
    expect(discord.identifies()).toBe(1);
  });

  test('makes the client resume with op 7', async () => {
    const client = await fixture.logIn();
    const resumed = once(client, Events.ShardResume);
    discord.dropGateway({ resumable: true, how: 'reconnect' });
    await resumed;
    expect(discord.identifies()).toBe(1);
  });

  test('makes the client identify again when its session cannot be resumed', async () => {
    const client = await fixture.logIn();
    const ready = once(client, Events.ShardReady);
    discord.dropGateway({ resumable: false, how: 'reset' });
    await ready;
    expect(discord.identifies()).toBe(2);
  });

  test('makes the client give up the connection and resume when heartbeats are not answered', async () => {
    await replaceDiscord({ heartbeatIntervalMs: 150 });
    const client = await fixture.logIn();
    const resumed = once(client, Events.ShardResume);
    discord.dropGateway({ resumable: true, how: 'zombie' });
    await resumed;
    expect(discord.connections()).toBe(1);
  });

  test('closes with 4004 when the token is revoked, and every request gets 401', async () => {
    const client = await fixture.logIn();
    const closed = once(client, Events.ShardDisconnect);
    discord.revokeToken();
    expect(await closed).toMatchObject([{ code: 4004 }, 0]);
    expect(await refusal(fixture.send({ content: 'x' }))).toMatchObject({ status: 401 });
    discord.restoreToken('another.token');
    fixture.rest.setToken('another.token');
    expect((await fixture.send({ content: 'back' })).content).toBe('back');
  });

  test('closes with 4014 when the intents are disallowed', async () => {
    discord.disallowIntents();
    await expect(fixture.logIn()).rejects.toThrow(/disallowed intents/i);
  });

  test('comes back at the same port, and the session goes on', async () => {
    const client = await fixture.logIn();
    const reconnecting = once(client, Events.ShardReconnecting);
    await discord.goDown();
    await reconnecting;
    expect(await refusal(fixture.send({ content: 'x' }))).toMatchObject({ code: 'ECONNREFUSED' });
    await discord.comeBack();
    expect((await fixture.send({ content: 'again' })).content).toBe('again');
  });

  test('announces a thread that is archived, deleted and restored', async () => {
    const client = await fixture.logIn();
    const updated = once(client, Events.ThreadUpdate);
    discord.archiveThread(discord.threadId);
    expect(await updated).toMatchObject([{ archived: false }, { archived: true }]);
    const deleted = once(client, Events.ThreadDelete);
    discord.deleteThread(discord.monitoringThreadId);
    expect(await deleted).toMatchObject([{ id: discord.monitoringThreadId }]);
    const created = once(client, Events.ThreadCreate);
    discord.setThreadState(discord.monitoringThreadId, { deleted: false });
    expect(await created).toMatchObject([{ id: discord.monitoringThreadId }, expect.anything()]);
  });

  test('announces permissions that are taken away', async () => {
    const client = await fixture.logIn();
    const updated = once(client, Events.GuildRoleUpdate);
    discord.setBotPermissions(0n);
    await updated;
    const thread = client.channels.cache.get(discord.threadId);
    expect(thread?.isThread() && thread.permissionsFor(client.user)?.has('SendMessagesInThreads')).toBe(
      false,
    );
  });
});
