import {
  type APIMessage,
  Client,
  Events,
  GatewayIntentBits,
  type Interaction,
  MessageFlags,
  REST,
  Routes,
} from 'discord.js';
import { type DiscordDouble, type DiscordUser, startDiscord } from 'discord-stand-in';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

let discord: DiscordDouble;
let rest: REST;
let operator: DiscordUser;
const clients: Client[] = [];

beforeEach(async () => {
  discord = await startDiscord();
  rest = new REST({ api: discord.apiUrl, version: '10', retries: 0 }).setToken(discord.botToken);
  operator = discord.user({ name: 'Op' });
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.destroy()));
  await discord.stop();
});

/** Logs a bot in that answers like this; resolves when it is ready. */
async function logIn(answer: (interaction: Interaction) => Promise<unknown>): Promise<Client> {
  const client = new Client({
    intents: [GatewayIntentBits.Guilds],
    rest: { api: discord.apiUrl, version: '10' },
  });
  clients.push(client);
  client.on(Events.InteractionCreate, (interaction) => void answer(interaction));
  const ready = new Promise((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(discord.botToken);
  await ready;
  return client;
}

async function send(body: object): Promise<APIMessage> {
  return (await rest.post(Routes.channelMessages(discord.threadId), { body })) as APIMessage;
}

const row = (...components: object[]) => ({ type: 1, components });
const button = { type: 2, style: 1, label: 'Edit', custom_id: 'edit' };
const branches = { type: 4, custom_id: 'branches', style: 1, min_length: 2, max_length: 9 };
const options = [
  { label: 'Live', value: 'live' },
  { label: 'Shadow', value: 'shadow' },
];
const select = (more: object = {}) => ({ type: 3, custom_id: 'mode', options, ...more });
const modalOf = (...components: object[]) => ({ custom_id: 'v1:edit', title: 'Edit', components });
const labelled = (component: object) => ({ type: 18, label: 'Something', component });

describe('select menus of the Discord double', () => {
  test('a selection carries its values, and a deferred update edits the message itself', async () => {
    await logIn(async (interaction) => {
      if (!interaction.isStringSelectMenu()) return;
      await interaction.deferUpdate();
      await interaction.editReply({ content: interaction.values.join('+'), components: [] });
      await interaction.followUp({ content: 'only you', flags: MessageFlags.Ephemeral });
    });
    const message = await send({ content: 'choose', components: [row(select({ max_values: 2 }))] });
    const outcome = await discord.press(message.id, 'mode', operator, { values: ['live', 'shadow'] });
    expect(outcome).toMatchObject({ type: 'update', content: 'live+shadow' });
    await expect.poll(() => outcome.followUps).toMatchObject([{ content: 'only you', ephemeral: true }]);
    expect(discord.messages()).toMatchObject([{ content: 'live+shadow', components: [] }]);
    expect(discord.violations()).toEqual([]);
  });
});

describe('ephemeral messages of the Discord double', () => {
  test('can still be pressed when another process of the bot has taken over', async () => {
    const first = await logIn(async (interaction) => {
      if (!interaction.isButton()) return;
      const components = [{ type: 1, components: [{ ...button, custom_id: 'confirm' }] }];
      await interaction.reply({ content: 'Sure?', flags: MessageFlags.Ephemeral, components });
    });
    const message = await send({ content: 'x', components: [row(button)] });
    const asked = await discord.press(message.id, 'edit', operator);
    await first.destroy();
    await logIn(async (interaction) => {
      if (interaction.isButton()) await interaction.update({ content: 'Done', components: [] });
    });
    const outcome = await discord.press(asked.message?.id ?? '', 'confirm', operator);
    expect(outcome).toMatchObject({ type: 'update', ephemeral: true, content: 'Done' });
    expect(discord.violations()).toEqual([]);
  });
});

describe('modals of the Discord double', () => {
  test.each([
    ['labels', [labelled(branches), labelled(select({ required: false }))]],
    ['action rows', [row({ ...branches, label: 'Branches' }), labelled(select({ required: false }))]],
  ])('with %s are opened by a button and answered where the button is', async (_title, components) => {
    await logIn(async (interaction) => {
      if (interaction.isButton()) await interaction.showModal(modalOf(...components) as never);
      if (!interaction.isModalSubmit() || !interaction.isFromMessage()) return;
      const { customId, fields } = interaction;
      const seen = [customId, fields.getTextInputValue('branches'), ...fields.getStringSelectValues('mode')];
      await interaction.update({ content: seen.join(' ') });
    });
    const message = await send({ content: 'x', components: [row(button)] });
    const { type, modal } = await discord.press(message.id, 'edit', operator);
    expect(type).toBe('modal');
    if (modal === undefined) throw new Error('no modal');
    expect(modal).toMatchObject({ customId: 'v1:edit', title: 'Edit' });
    const answers = { branches: 'release', mode: ['shadow'] };
    const outcome = await discord.submitModal(modal, answers, operator);
    expect(outcome).toMatchObject({ type: 'update', content: 'v1:edit release shadow' });
    expect(discord.violations()).toEqual([]);
  });

  test('opened by a command keep earlier values, and are answered with a reply', async () => {
    await logIn(async (interaction) => {
      if (interaction.isChatInputCommand())
        await interaction.showModal(modalOf(labelled({ ...branches, value: 'main' })) as never);
      if (interaction.isModalSubmit())
        await interaction.reply(interaction.fields.getTextInputValue('branches'));
    });
    const { modal } = await discord.command({ name: 'register', user: operator });
    if (modal === undefined) throw new Error('no modal');
    expect(await discord.submitModal(modal, {}, operator)).toMatchObject({ type: 'reply', content: 'main' });
  });

  test.each([
    ['a field that is not there', { other: 'x' }, /no field other/],
    ['nothing where something is required', { branches: '' }, /required/],
    ['too little', { branches: 'x' }, /too short/],
    ['too much', { branches: 'x'.repeat(10) }, /too long/],
    ['an option that is not there', { branches: 'main', mode: ['other'] }, /no such option/],
    ['text for a select menu', { branches: 'main', mode: 'live' }, /does not take/],
  ])('cannot be sent with %s', async (_title, answers, why) => {
    await logIn(async (interaction) => {
      if (interaction.isButton())
        await interaction.showModal(modalOf(labelled(branches), labelled(select())) as never);
    });
    const message = await send({ content: 'x', components: [row(button)] });
    const { modal } = await discord.press(message.id, 'edit', operator);
    if (modal === undefined) throw new Error('no modal');
    await expect(discord.submitModal(modal, answers, operator)).rejects.toThrow(why);
  });

  test.each([
    ['a title of 46', { ...modalOf(labelled(branches)), title: 'x'.repeat(46) }],
    ['six fields', modalOf(...'abcdef'.split('').map((id) => labelled({ ...branches, custom_id: id })))],
    ['a custom id twice', modalOf(labelled(branches), labelled(branches))],
    ['a field without a label', modalOf(row(branches))],
  ])('are refused with %s', async (_title, modal) => {
    const refused = new Promise<unknown>((resolve) => {
      void logIn(async (interaction) => {
        if (interaction.isButton()) await interaction.showModal(modal as never).catch(resolve);
      }).then(async () => {
        const message = await send({ content: 'x', components: [row(button)] });
        void discord.press(message.id, 'edit', operator);
      });
    });
    expect(await refused).toMatchObject({ code: 50035 });
    expect(discord.violations()).toMatchObject([{ direction: 'request' }]);
  });

  test('cannot answer another modal', async () => {
    const refused = new Promise<unknown>((resolve) => {
      void logIn(async (interaction) => {
        if (interaction.isButton()) await interaction.showModal(modalOf(labelled(branches)) as never);
        if (!interaction.isModalSubmit()) return;
        const path = Routes.interactionCallback(interaction.id, interaction.token);
        const body = { type: 9, data: modalOf(labelled(branches)) };
        await rest.post(path, { body, auth: false }).catch(resolve);
      }).then(async () => {
        const message = await send({ content: 'x', components: [row(button)] });
        const { modal } = await discord.press(message.id, 'edit', operator);
        if (modal !== undefined) void discord.submitModal(modal, { branches: 'main' }, operator);
      });
    });
    expect(await refused).toMatchObject({ code: 50035 });
  });
});
