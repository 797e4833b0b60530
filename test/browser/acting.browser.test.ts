import { MessageFlags } from 'discord.js';
import { describe, expect, test } from 'vitest';
import { answerWith, errors, page, send, useOpenThread } from './open-thread.ts';
import { discord } from './shown-discord.ts';

useOpenThread();

const button = (more: object = {}) => ({ type: 2, style: 1, label: 'Retry', custom_id: 'retry', ...more });
const withRow = (...components: object[]) => ({ content: 'x', components: [{ type: 1, components }] });
const actAs = (name: string) => page.getByLabel('acting as').selectOption({ label: name });

describe('buttons in the page', () => {
  test('act as the chosen person, with that person’s roles and permissions', async () => {
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

describe('ephemeral answers in the page', () => {
  test('show “thinking”, then the answer, only to the person who pressed, until they are dismissed', async () => {
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

describe('select menus in the page', () => {
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
