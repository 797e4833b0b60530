import { type APIMessage, Client, Events, GatewayIntentBits, MessageFlags, REST, Routes } from 'discord.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DiscordDouble, startDiscord } from '../../sandbox/discord/discord.ts';

let discord: DiscordDouble;
let rest: REST;
const clients: Client[] = [];

beforeEach(async () => {
  discord = await startDiscord();
  rest = createRest();
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.destroy()));
  await discord.stop();
});

function createRest(options: { readonly retries?: number; readonly timeout?: number } = {}): REST {
  const created = new REST({ api: discord.apiUrl, version: '10', retries: 0, ...options });
  return created.setToken(discord.botToken);
}

/** A bot of discord.js with the one intent; resolves when it is ready. */
async function logIn(): Promise<Client<true>> {
  const client = new Client({
    intents: [GatewayIntentBits.Guilds],
    rest: { api: discord.apiUrl, version: '10' },
  });
  clients.push(client);
  client.on('error', () => undefined);
  const ready = new Promise<Client<true>>((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(discord.botToken);
  return await ready;
}

function once(client: Client, event: string): Promise<unknown[]> {
  return new Promise((resolve) => (client as NodeJS.EventEmitter).once(event, (...args) => resolve(args)));
}

/** Answers every button as the bot will: an ephemeral deferral, then the text. */
function answerButtons(client: Client, answer: (customId: string) => string): void {
  client.on(Events.InteractionCreate, (interaction) => {
    if (!interaction.isButton()) return;
    void (async () => {
      await interaction.deferReply({ flags: MessageFlags.Ephemeral });
      await interaction.editReply({ content: answer(interaction.customId) });
    })();
  });
}

async function send(body: object, channel = discord.threadId): Promise<APIMessage> {
  return (await rest.post(Routes.channelMessages(channel), { body })) as APIMessage;
}

async function refusal(
  action: Promise<unknown>,
): Promise<{ code: number; status: number; rawError: unknown }> {
  const error: unknown = await action.then(
    () => new Error('It was not refused'),
    (thrown: unknown) => thrown,
  );
  return error as { code: number; status: number; rawError: unknown };
}

const button = (customId: string, more: object = {}) => ({
  type: 2,
  style: 1,
  label: 'Retry',
  custom_id: customId,
  ...more,
});
const row = (...components: object[]) => ({ type: 1, components });

describe('the gateway', () => {
  test('a discord.js client becomes ready and knows the server, its threads and its own permissions', async () => {
    const client = await logIn();
    const thread = client.channels.cache.get(discord.threadId);
    expect(client.guilds.cache.has(discord.guildId)).toBe(true);
    expect(thread?.isThread() && thread.permissionsFor(client.user)?.has('SendMessagesInThreads')).toBe(true);
    expect(discord.identifies()).toBe(1);
    expect(discord.violations()).toEqual([]);
  });

  test('what was dispatched during a drop is replayed when the client resumes', async () => {
    const client = await logIn();
    answerButtons(client, (customId) => `took ${customId}`);
    const message = await send({ content: 'x', components: [row(button('v1:retry:7'))] });
    const resumed = once(client, Events.ShardResume);
    discord.dropGateway({ resumable: true });
    const outcome = discord.press(message.id, 'v1:retry:7', discord.user({ name: 'Op' }));
    // The interaction, and RESUMED itself.
    expect(await resumed).toEqual([0, 2]);
    expect((await outcome).content).toBe('took v1:retry:7');
    expect(discord.identifies()).toBe(1);
  });

  test('op 7 makes the client resume', async () => {
    const client = await logIn();
    const resumed = once(client, Events.ShardResume);
    discord.dropGateway({ resumable: true, how: 'reconnect' });
    await resumed;
    expect(discord.identifies()).toBe(1);
  });

  test('a session that cannot be resumed makes the client identify again', async () => {
    const client = await logIn();
    const ready = once(client, Events.ShardReady);
    discord.dropGateway({ resumable: false, how: 'reset' });
    await ready;
    expect(discord.identifies()).toBe(2);
  });

  test('heartbeats that nobody answers make the client give up the connection and resume', async () => {
    await discord.stop();
    discord = await startDiscord({ heartbeatIntervalMs: 150 });
    const client = await logIn();
    const resumed = once(client, Events.ShardResume);
    discord.dropGateway({ resumable: true, how: 'zombie' });
    await resumed;
    expect(discord.connections()).toBe(1);
  });

  test('a revoked token closes with 4004 and every request is 401', async () => {
    const client = await logIn();
    const closed = once(client, Events.ShardDisconnect);
    discord.revokeToken();
    expect(await closed).toMatchObject([{ code: 4004 }, 0]);
    expect(await refusal(send({ content: 'x' }))).toMatchObject({ status: 401 });
    discord.restoreToken('another.token');
    rest.setToken('another.token');
    expect((await send({ content: 'back' })).content).toBe('back');
  });

  test('disallowed intents close with 4014', async () => {
    discord.disallowIntents();
    await expect(logIn()).rejects.toThrow(/disallowed intents/i);
  });

  test('it comes back at the same port and the session goes on', async () => {
    const client = await logIn();
    const reconnecting = once(client, Events.ShardReconnecting);
    await discord.goDown();
    await reconnecting;
    expect(await refusal(send({ content: 'x' }))).toMatchObject({ code: 'ECONNREFUSED' });
    await discord.comeBack();
    expect((await send({ content: 'again' })).content).toBe('again');
  });

  test('a thread that is archived, deleted and restored is announced', async () => {
    const client = await logIn();
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

  test('permissions that are taken away reach the client', async () => {
    const client = await logIn();
    const updated = once(client, Events.GuildRoleUpdate);
    discord.setBotPermissions(0n);
    await updated;
    const thread = client.channels.cache.get(discord.threadId);
    expect(thread?.isThread() && thread.permissionsFor(client.user)?.has('SendMessagesInThreads')).toBe(
      false,
    );
  });
});

describe('messages', () => {
  test('a message with a file, its edit and a reply read back as they were sent', async () => {
    const sent = (await rest.post(Routes.channelMessages(discord.threadId), {
      body: { content: ' first ', embeds: [{ title: 't', fields: [{ name: 'a', value: 'b' }] }] },
      files: [{ name: 'all packages.txt', data: Buffer.from('com.x.core') }],
    })) as APIMessage;
    const edit = { body: { content: 'second' } };
    await rest.patch(Routes.channelMessage(discord.threadId, sent.id), edit);
    await send({ content: 'reply', message_reference: { message_id: sent.id } });

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
    const listed = (await rest.get(Routes.channelMessages(discord.threadId))) as APIMessage[];
    expect(listed.map((message) => message.content)).toEqual(['reply', 'second']);
    expect(listed[0]?.referenced_message?.id).toBe(sent.id);
    expect(discord.violations()).toEqual([]);
  });

  test('pages of messages follow before, after, around and limit', async () => {
    const ids: string[] = [];
    for (const content of ['a', 'b', 'c', 'd', 'e']) ids.push((await send({ content })).id);
    const list = async (query: Record<string, string>) => {
      const found = await rest.get(Routes.channelMessages(discord.threadId), {
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
    const first = await send(body);
    expect((await send({ ...body, content: 'twice' })).id).toBe(first.id);
    expect(first.nonce).toBe('job-7-live');
    const read = await rest.get(Routes.channelMessage(discord.threadId, first.id));
    expect(read).not.toHaveProperty('nonce');
    discord.advanceTime(10 * 60_000);
    expect((await send(body)).id).not.toBe(first.id);
  });

  test('only what allowed_mentions lets through notifies', async () => {
    const content = '@everyone <@123456789012345678> <@&223456789012345678>';
    await send({ content });
    await send({ content, allowed_mentions: { parse: [] } });
    await send({ content, allowed_mentions: { users: ['123456789012345678'] } });
    const nobody = { everyone: false, users: [], roles: [] };
    expect(discord.messages().map((message) => message.pings)).toEqual([
      { everyone: true, users: ['123456789012345678'], roles: ['223456789012345678'] },
      nobody,
      { ...nobody, users: ['123456789012345678'] },
    ]);
  });

  test('waiting for a message sees past ones, coming ones and edits', async () => {
    const { id } = await send({ content: 'there' });
    expect((await discord.waitForMessage((message) => message.content === 'there')).id).toBe(id);
    const edited = discord.waitForMessage((message) => message.content === 'changed');
    await rest.patch(Routes.channelMessage(discord.threadId, id), { body: { content: 'changed' } });
    expect((await edited).id).toBe(id);
  });
});

describe('threads and permissions', () => {
  test('sending opens an archived thread again; editing in it is 50083', async () => {
    const { id } = await send({ content: 'x' });
    discord.archiveThread(discord.threadId);
    const edit = rest.patch(Routes.channelMessage(discord.threadId, id), { body: { content: 'y' } });
    expect(await refusal(edit)).toMatchObject({ code: 50083 });
    await send({ content: 'z' });
    const thread = await rest.get(Routes.channel(discord.threadId));
    expect(thread).toMatchObject({ thread_metadata: { archived: false } });
  });

  test.each([
    ['locked', (d: DiscordDouble) => d.lockThread(d.threadId), 160005, 403],
    ['deleted', (d: DiscordDouble) => d.deleteThread(d.threadId), 10003, 404],
    ['without SEND_MESSAGES_IN_THREADS', (d: DiscordDouble) => d.setBotPermissions(1n << 10n), 50013, 403],
    ['without VIEW_CHANNEL', (d: DiscordDouble) => d.setBotPermissions(0n), 50001, 403],
  ])('a message to a thread that is %s is refused with its code', async (_title, harm, code, status) => {
    harm(discord);
    expect(await refusal(send({ content: 'x' }))).toMatchObject({ code, status });
    expect(discord.messages()).toEqual([]);
  });

  test('an unknown message is 10008 and an empty one is 50006', async () => {
    const path = Routes.channelMessage(discord.threadId, discord.guildId);
    expect(await refusal(rest.patch(path, { body: { content: 'x' } }))).toMatchObject({ code: 10008 });
    expect(await refusal(send({ content: '  ' }))).toMatchObject({ code: 50006 });
  });
});

describe('limits and schema', () => {
  const long = (length: number) => 'x'.repeat(length);
  const embeds = (...lengths: number[]) => lengths.map((length) => ({ description: long(length) }));

  test.each([
    ['2,001 characters', { content: long(2001) }, 'content'],
    ['6,001 characters over all embeds', { embeds: embeds(4096, 1905) }, 'embeds'],
    [
      'an empty field value',
      { embeds: [{ fields: [{ name: 'n', value: ' ' }] }] },
      'embeds.0.fields.0.value',
    ],
    ['a title of 257', { embeds: [{ title: long(257) }] }, 'embeds.0.title'],
    [
      'a custom id twice',
      { components: [row(button('a'), button('a'))] },
      'components.0.components.1.custom_id',
    ],
    [
      'a label of 81',
      { components: [row(button('a', { label: long(81) }))] },
      'components.0.components.0.label',
    ],
    ['six rows', { components: 'abcdef'.split('').map((id) => row(button(id))) }, 'components'],
    [
      'six buttons in a row',
      { components: [row(...'abcdef'.split('').map((id) => button(id)))] },
      'components.0.components',
    ],
    ['a nonce of 26', { content: 'x', nonce: long(26) }, 'nonce'],
    ['a link to javascript', { embeds: [{ title: 't', url: 'javascript:alert(1)' }] }, 'embeds.0.url'],
  ])('%s is 50035 at its place in the body, and a violation', async (_title, body, place) => {
    const refused = await refusal(send(body));
    expect(refused).toMatchObject({ code: 50035, status: 400 });
    expect(refused.rawError).toHaveProperty(`errors.${place}._errors`);
    expect(discord.violations()).toMatchObject([{ direction: 'request' }]);
    expect(discord.messages()).toEqual([]);
  });

  test('exactly 2,000 and 6,000 characters are fine', async () => {
    await send({ content: long(2000), embeds: embeds(4096, 1904) });
    expect(discord.violations()).toEqual([]);
  });

  test('a member that the schema does not have is a violation but not refused', async () => {
    await send({ content: 'x', allowed_mention: { parse: [] } });
    expect(discord.violations()).toMatchObject([{ problems: ['allowed_mention: not in the schema'] }]);
  });

  test('a file above 10 MiB is 413', async () => {
    const files = [{ name: 'a.txt', data: Buffer.alloc(10 * 1024 * 1024 + 1) }];
    const sent = rest.post(Routes.channelMessages(discord.threadId), { body: {}, files });
    expect(await refusal(sent)).toMatchObject({ code: 40005, status: 413 });
  });
});

describe('interactions', () => {
  test('a pressed button is answered with an ephemeral deferred reply that only its user sees', async () => {
    answerButtons(await logIn(), (customId) => `queued by ${customId}`);
    const message = await send({ content: 'x', components: [row(button('v1:retry:7'))] });
    const outcome = await discord.press(message.id, 'v1:retry:7', discord.user({ name: 'Op' }));
    expect(outcome).toMatchObject({ type: 'deferred', ephemeral: true, content: 'queued by v1:retry:7' });
    expect(outcome.acknowledgedInMs).toBeLessThan(1000);
    expect(discord.messages()).toHaveLength(1);
    expect(discord.violations()).toEqual([]);
  });

  test('an update changes the message whose button was pressed; follow-ups are kept apart', async () => {
    const client = await logIn();
    client.on(Events.InteractionCreate, (interaction) => {
      if (!interaction.isButton()) return;
      void interaction
        .update({ content: 'pressed', components: [] })
        .then(() => interaction.followUp({ content: 'by you', flags: MessageFlags.Ephemeral }));
    });
    const message = await send({ content: 'x', components: [row(button('a'))] });
    const outcome = await discord.press(message.id, 'a', discord.user({ name: 'Op' }));
    await expect.poll(() => outcome.followUps).toMatchObject([{ content: 'by you', ephemeral: true }]);
    expect(outcome.type).toBe('update');
    expect(discord.messages()).toMatchObject([{ content: 'pressed', buttons: [] }]);
    expect(discord.violations()).toEqual([]);
  });

  test('a command carries its options, member and server; autocomplete gets choices', async () => {
    const client = await logIn();
    client.on(Events.InteractionCreate, (interaction) => {
      if (interaction.isAutocomplete())
        void interaction.respond([{ name: interaction.options.getFocused(), value: 'v' }]);
      if (!interaction.isChatInputCommand()) return;
      const { options, memberPermissions, guildId } = interaction;
      const seen = [options.getSubcommand(), options.getString('package'), options.getBoolean('share')];
      void interaction.reply([...seen, memberPermissions?.has('ManageGuild'), guildId].join(' '));
    });
    const operator = discord.user({ name: 'Op', permissions: 'manage-guild' });
    const options = { package: 'com.x', share: true };
    const typed = { name: 'status', subcommand: 'now', options };
    const own = await discord.command({ ...typed, user: operator });
    expect(own).toMatchObject({
      type: 'reply',
      ephemeral: false,
      content: `now com.x true true ${discord.guildId}`,
    });
    const elsewhere = await discord.command({ ...typed, user: discord.user({ name: 'M' }), guildId: '99' });
    expect(elsewhere.content).toBe('now com.x true false 99');
    const choices = await discord.autocomplete({ ...typed, focused: 'package', user: operator });
    expect(choices).toMatchObject({ type: 'choices', choices: [{ name: 'com.x', value: 'v' }] });
    expect(discord.violations()).toEqual([]);
  });

  test('commands are registered in bulk and read back with ids that stay', async () => {
    const path = Routes.applicationGuildCommands(discord.applicationId, discord.guildId);
    const body = [
      { name: 'status', description: 'd', options: [{ type: 3, name: 'package', description: 'p' }] },
    ];
    const [first] = (await rest.put(path, { body })) as { id: string }[];
    const [second] = (await rest.put(path, { body })) as { id: string }[];
    expect(second?.id).toBe(first?.id);
    expect(await rest.get(path)).toMatchObject(body);
    const bad = rest.put(path, { body: [{ name: 'Status', description: 'd' }] });
    expect(await refusal(bad)).toMatchObject({ code: 50035 });
  });

  test('nobody who acknowledges within 3 s makes the outcome none, and a late answer 10062', async () => {
    const client = await logIn();
    const late = new Promise<{ code: number }>((resolve) => {
      client.on(Events.InteractionCreate, (interaction) => {
        discord.advanceTime(3001);
        if (interaction.isButton()) void refusal(interaction.deferReply()).then(resolve);
      });
    });
    const message = await send({ content: 'x', components: [row(button('a'))] });
    const outcome = discord.press(message.id, 'a', discord.user({ name: 'Op' }));
    expect(await late).toMatchObject({ code: 10062 });
    expect(await outcome).toMatchObject({ type: 'none', acknowledgedInMs: undefined });
  });

  test('a second acknowledgement is 40060 and a token of 15 minutes ago is of no use', async () => {
    const client = await logIn();
    const codes = new Promise<number[]>((resolve) => {
      client.on(Events.InteractionCreate, (interaction) => {
        if (!interaction.isButton()) return;
        void (async () => {
          await interaction.deferReply();
          const again = { body: { type: 5 } };
          const path = Routes.interactionCallback(interaction.id, interaction.token);
          const second = await refusal(rest.post(path, again));
          discord.advanceTime(15 * 60_000 + 1);
          const late = await refusal(interaction.editReply('late'));
          resolve([second.code, late.code]);
        })();
      });
    });
    const message = await send({ content: 'x', components: [row(button('a'))] });
    void discord.press(message.id, 'a', discord.user({ name: 'Op' }));
    expect(await codes).toEqual([40060, 50027]);
  });
});

describe('faults', () => {
  test('a 429 is waited for, and asking too early is a violation', async () => {
    discord.rateLimit('/channels/', 1);
    const startedAt = performance.now();
    await send({ content: 'x' });
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(990);
    expect(discord.requests().map((request) => request.status)).toEqual([429, 200]);
    expect(discord.violations()).toEqual([]);

    discord.rateLimit('/channels/', 1, { global: true });
    const post = () =>
      fetch(`${discord.apiUrl}/v10/channels/${discord.threadId}/messages`, {
        method: 'POST',
        headers: { authorization: `Bot ${discord.botToken}`, 'content-type': 'application/json' },
        body: '{"content":"x"}',
      });
    expect((await post()).headers.get('x-ratelimit-global')).toBe('true');
    expect((await post()).status).toBe(429);
    expect(discord.violations()).toMatchObject([{ direction: 'behaviour' }]);
  });

  test('enforced buckets are kept by the client without one 429', async () => {
    discord.enforceRateLimits(true);
    await Promise.all(Array.from({ length: 7 }, (_, index) => send({ content: String(index) })));
    expect(discord.requests().map((request) => request.status)).toEqual(Array(7).fill(200));
    const [first, ...others] = discord.messages();
    expect((others.at(-1)?.createdAt ?? 0) - (first?.createdAt ?? 0)).toBeGreaterThan(4000);
  });

  test('each fault does what it says', async () => {
    const faults = {
      status: { kind: 'status', status: 503 },
      reset: { kind: 'reset' },
      storeThenReset: { kind: 'storeThenReset' },
      storeThenStatus: { kind: 'storeThenStatus', status: 502 },
    } as const;
    const ends: Record<string, unknown> = {};
    for (const [name, fault] of Object.entries(faults)) {
      discord.setFault(({ method, count }) => (method === 'POST' && count >= 1 ? fault : undefined));
      const error = await refusal(send({ content: name }));
      ends[name] = error.status ?? error.code;
    }
    expect(ends).toEqual({
      status: 503,
      reset: expect.stringMatching(/ECONNRESET|UND_ERR_SOCKET/),
      storeThenReset: expect.stringMatching(/ECONNRESET|UND_ERR_SOCKET/),
      storeThenStatus: 502,
    });
    expect(discord.messages().map((message) => message.content)).toEqual([
      'storeThenReset',
      'storeThenStatus',
    ]);
  });

  test('a request that hangs runs into the time limit of the client', async () => {
    discord.setFault(() => ({ kind: 'hang' }));
    rest = createRest({ timeout: 100 });
    expect(await refusal(send({ content: 'x' }))).toMatchObject({ name: 'AbortError' });
    expect(discord.requests()).toMatchObject([{ method: 'POST', body: { content: 'x' }, status: undefined }]);
  });

  test('a route that is not there is a violation', async () => {
    expect(await refusal(rest.get('/stickers/1'))).toMatchObject({ status: 404 });
    expect(discord.violations()).toHaveLength(1);
  });
});
