import { type Interaction, Routes } from 'discord.js';
import { beforeEach, describe, expect, test } from 'vitest';
import { answerWith, errors, page, rest, useOpenThread } from './open-thread.ts';
import { discord } from './shown-discord.ts';

useOpenThread();

describe('commands in the page', () => {
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
  /** Returns what the bot receives, as text. */
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
    // Typing is debounced: not every letter becomes a question.
    expect(focused.length).toBeLessThan(4);
    expect(focused.at(-1)).toBe('core');
    expect(errors).toEqual([]);
    expect(discord.violations()).toEqual([]);
  });

  test('are not sent without their required options', async () => {
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

  test('may be answered with a modal, which is filled in and sent', async () => {
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
