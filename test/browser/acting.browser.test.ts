import { Client, Events, GatewayIntentBits, type Interaction, MessageFlags, REST, Routes } from 'discord.js';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type DiscordDouble, startDiscord } from '../../sandbox/discord/discord.ts';
import { launchBrowser, openPage } from './browser.ts';

let browser: Browser;
let discord: DiscordDouble;
let rest: REST;
let page: Page;
let errors: readonly string[];
const clients: Client[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(async () => browser.close());
beforeEach(async () => {
  discord = await startDiscord();
  rest = new REST({ api: discord.apiUrl, version: '10', retries: 0 }).setToken(discord.botToken);
  ({ page, errors } = await openPage(browser, discord.pageUrl));
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await Promise.all(clients.splice(0).map((client) => client.destroy()));
  await discord.stop();
});

async function answerWith(answer: (interaction: Interaction) => Promise<unknown>): Promise<void> {
  const rest = { api: discord.apiUrl, version: '10' };
  const client = new Client({ intents: [GatewayIntentBits.Guilds], rest });
  clients.push(client);
  client.on(Events.InteractionCreate, (interaction) => void answer(interaction));
  const ready = new Promise((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(discord.botToken);
  await ready;
}

async function send(body: object): Promise<{ readonly id: string }> {
  return (await rest.post(Routes.channelMessages(discord.threadId), { body })) as { id: string };
}

const button = (more: object = {}) => ({ type: 2, style: 1, label: 'Retry', custom_id: 'retry', ...more });
const withRow = (...components: object[]) => ({ content: 'x', components: [{ type: 1, components }] });
const actAs = (name: string) => page.getByLabel('acting as').selectOption({ label: name });

describe('buttons', () => {
  test('carry who presses: roles and permissions of the person who is chosen', async () => {
    await answerWith(async (interaction) => {
      if (!interaction.isButton()) return;
      const { roles } = interaction.member as unknown as { roles: { cache: Map<string, unknown> } };
      const isOperator = roles.cache.has(discord.operatorRoleId);
      const isAdmin = interaction.memberPermissions?.has('ManageGuild');
      const name = interaction.user.displayName;
      await interaction.reply(`${name} operator:${isOperator} admin:${isAdmin}`);
    });
    await send(withRow(button()));
    for (const [person, answer] of [
      ['Olga (Publishers)', 'Olga operator:true admin:false'],
      ['Mika (member)', 'Mika operator:false admin:false'],
      ['Ada (Manage Server)', 'Ada operator:false admin:true'],
    ] as const) {
      await actAs(person);
      await page.getByRole('button', { name: 'Retry' }).click();
      await page.locator('.content').getByText(answer).waitFor();
    }
    expect(errors).toEqual([]);
    expect(discord.violations()).toEqual([]);
  });

  test('that are disabled cannot be pressed, and a link leads out', async () => {
    const link = { type: 2, style: 5, label: 'Registry', url: 'https://registry.studio.test/x' };
    await send(withRow(button({ disabled: true }), link));
    expect(await page.getByRole('button', { name: 'Retry' }).isDisabled()).toBe(true);
    const address = await page.getByRole('link', { name: 'Registry' }).getAttribute('href');
    expect(address).toBe('https://registry.studio.test/x');
  });

  test('that nobody answers are busy for 3 s and then say so', async () => {
    await answerWith(async () => undefined);
    await send(withRow(button()));
    await page.getByRole('button', { name: 'Retry' }).click();
    await page.locator('button[aria-busy="true"]', { hasText: 'Retry' }).waitFor();
    await page.getByRole('alert').getByText('This application did not respond').waitFor();
    expect(await page.locator('[aria-busy="true"]').count()).toBe(0);
  });
});

describe('ephemeral answers', () => {
  test('are thinking, then there, for the one who pressed only, until they are dismissed', async () => {
    const finish = Promise.withResolvers<void>();
    await answerWith(async (interaction) => {
      if (!interaction.isButton()) return;
      await interaction.deferReply({ flags: MessageFlags.Ephemeral });
      await finish.promise;
      await interaction.editReply('Queued as #124.');
    });
    await send(withRow(button()));
    await page.getByRole('button', { name: 'Retry' }).click();
    await page.getByText('upm-publisher is thinking…').waitFor();
    finish.resolve();
    const answer = page.getByText('Queued as #124.');
    await answer.waitFor();
    await page.getByText('Only you can see this').waitFor();
    await actAs('Mika (member)');
    expect(await answer.count()).toBe(0);
    await actAs('Olga (Publishers)');
    await page.getByRole('button', { name: 'Dismiss message' }).click();
    expect(await answer.count()).toBe(0);
  });
});

describe('select menus', () => {
  const options = ['core', 'audio', 'music'].map((name) => ({ label: name, value: name }));

  test.each([
    ['one choice at once', 1, ['audio'], 'audio'],
    ['several when they are closed', 3, ['core', 'music'], 'core+music'],
  ])('send %s', async (_title, most, picks, answer) => {
    await answerWith(async (interaction) => {
      if (!interaction.isStringSelectMenu()) return;
      await interaction.update({ content: interaction.values.join('+'), components: [] });
    });
    await send(
      withRow({ type: 3, custom_id: 'packages', options, max_values: most, placeholder: 'Packages' }),
    );
    await page.getByText('Packages', { exact: true }).click();
    for (const name of picks) await page.getByRole('option', { name }).click();
    if (most > 1) await page.locator('details.select > summary').click();
    await page.locator('.content').getByText(answer).waitFor();
    expect(await page.locator('.select').count()).toBe(0);
  });
});

describe('commands', () => {
  const commands = [
    {
      name: 'publish',
      description: 'Publish a package',
      options: [
        { type: 3, name: 'package', description: 'Which one', required: true, autocomplete: true },
        { type: 5, name: 'dry_run', description: 'Only show the plan' },
        { type: 4, name: 'depth', description: 'How far', min_value: 1, max_value: 9 },
      ],
    },
    {
      name: 'register',
      description: 'Repositories',
      options: [
        {
          type: 1,
          name: 'add',
          description: 'Add a repository',
          options: [
            {
              type: 3,
              name: 'mode',
              description: 'How',
              required: true,
              choices: [
                { name: 'Live', value: 'live' },
                { name: 'Shadow', value: 'shadow' },
              ],
            },
          ],
        },
        { type: 1, name: 'remove', description: 'Forget a repository' },
      ],
    },
  ];
  const line = () => page.getByLabel('Message', { exact: true });
  /** What the bot is told, as text. */
  const seen = (interaction: Interaction) => {
    if (!interaction.isChatInputCommand()) return '';
    const { commandName, options, channelId } = interaction;
    const given = options.data.flatMap(({ name, value, options: inner = [] }) => [
      value === undefined ? name : `${name}=${JSON.stringify(value)}`,
      ...inner.map((option) => `${option.name}=${JSON.stringify(option.value)}`),
    ]);
    return [commandName, ...given, channelId === discord.threadId].join(' ');
  };

  beforeEach(async () => {
    const path = Routes.applicationGuildCommands(discord.applicationId, discord.guildId);
    await rest.put(path, { body: commands });
  });

  test('are typed with autocomplete, optional options and the keyboard alone', async () => {
    const focused: string[] = [];
    await answerWith(async (interaction) => {
      if (interaction.isAutocomplete()) {
        const typed = interaction.options.getFocused();
        focused.push(typed);
        await interaction.respond([{ name: `com.studio.${typed}`, value: `id:${typed}` }]);
      } else if (interaction.isChatInputCommand()) await interaction.reply(seen(interaction));
    });
    await line().fill('/pub');
    await page.getByRole('option', { name: '/publish' }).waitFor();
    await line().press('Enter');
    await page.getByPlaceholder('Which one').pressSequentially('core', { delay: 5 });
    await page.getByRole('option', { name: 'com.studio.core' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: '+ dry_run' }).click();
    await page.locator('select[name="dry_run"]').selectOption('True');
    await page.getByRole('button', { name: '+ depth' }).click();
    await page.getByPlaceholder('How far').fill('3');
    await page.keyboard.press('Enter');
    await page.getByText('publish package="id:core" dry_run=true depth=3 true').waitFor();
    await page.locator('.above').getByText('Olga used /publish').waitFor();
    // Debounced: not every letter is asked about.
    expect(focused.length).toBeLessThan(4);
    expect(focused.at(-1)).toBe('core');
    expect(errors).toEqual([]);
    expect(discord.violations()).toEqual([]);
  });

  test('are not sent without what is required', async () => {
    await answerWith(async () => undefined);
    await line().fill('/publish');
    await line().press('Tab');
    const field = page.getByPlaceholder('Which one');
    await field.press('Enter');
    expect(await page.locator('input:invalid').count()).toBe(1);
    await field.press('Escape');
    await line().waitFor();
  });

  test('have subcommands with choices, and are listed as they are registered now', async () => {
    await answerWith(async (interaction) => {
      if (interaction.isChatInputCommand()) await interaction.reply(seen(interaction));
    });
    await line().fill('/register');
    const listed = page.locator('.picker [role="option"] strong');
    const path = Routes.applicationGuildCommands(discord.applicationId, discord.guildId);
    await rest.put(path, { body: [...commands, { name: 'registered', description: 'All of them' }] });
    await listed.nth(2).waitFor();
    expect(await listed.allTextContents()).toEqual(['/register add', '/register remove', '/registered']);
    await page.getByRole('option', { name: '/register add' }).click();
    await page.locator('select[name="mode"]').selectOption('Shadow');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('register add mode="shadow" true').waitFor();
  });

  test('that nobody answers say so', async () => {
    await answerWith(async () => undefined);
    await line().fill('/register remove');
    await line().press('Enter');
    await page.getByRole('button', { name: 'Send' }).click();
    const answer = page.getByRole('status').getByText('This application did not respond');
    await answer.waitFor();
    expect(await answer.textContent()).toMatch(/^\/register remove: /);
  });

  test('may be answered with a dialog, which is filled in and sent', async () => {
    await answerWith(async (interaction) => {
      if (interaction.isChatInputCommand()) {
        await interaction.showModal({
          custom_id: 'edit',
          title: 'Edit studio/packages',
          components: [
            {
              type: 18,
              label: 'Branches',
              description: 'Patterns',
              component: { type: 4, custom_id: 'branches', style: 1, min_length: 3, value: 'main' },
            },
            {
              type: 18,
              label: 'Mode',
              component: {
                type: 3,
                custom_id: 'mode',
                options: [
                  { label: 'Live', value: 'live' },
                  { label: 'Shadow', value: 'shadow' },
                ],
              },
            },
          ],
        } as never);
      }
      if (!interaction.isModalSubmit()) return;
      const { fields } = interaction;
      const mode = fields.getStringSelectValues('mode').join();
      await interaction.reply(`${fields.getTextInputValue('branches')} in ${mode}`);
    });
    await line().fill('/register remove');
    await line().press('Enter');
    await page.getByRole('button', { name: 'Send' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Branches').fill('release/*');
    await dialog.getByLabel('Mode').selectOption('Shadow');
    await dialog.getByRole('button', { name: 'Submit' }).click();
    await page.locator('.content').getByText('release/* in shadow').waitFor();
    expect(await dialog.count()).toBe(0);
    expect(errors).toEqual([]);
    expect(discord.violations()).toEqual([]);
  });
});
