import { Events, MessageFlags, Routes } from 'discord.js';
import { describe, expect, test } from 'vitest';
import { answerButtons, button, discord, fixture, refusal, row, useDiscord } from './discord-fixture.ts';

useDiscord();

describe('interactions of the Discord double', () => {
  test('a pressed button is answered with an ephemeral deferred reply that only its user sees', async () => {
    answerButtons(await fixture.logIn(), (customId) => `queued by ${customId}`);
    const message = await fixture.send({ content: 'x', components: [row(button('v1:retry:7'))] });
    const outcome = await discord.press(message.id, 'v1:retry:7', discord.user({ name: 'Op' }));
    expect(outcome).toMatchObject({ type: 'deferred', ephemeral: true, content: 'queued by v1:retry:7' });
    expect(outcome.acknowledgedInMs).toBeLessThan(1000);
    expect(discord.messages()).toHaveLength(1);
    expect(discord.violations()).toEqual([]);
  });

  test('an update changes the message whose button was pressed; follow-ups are kept apart', async () => {
    const client = await fixture.logIn();
    client.on(Events.InteractionCreate, (interaction) => {
      if (!interaction.isButton()) return;
      void interaction
        .update({ content: 'pressed', components: [] })
        .then(() => interaction.followUp({ content: 'by you', flags: MessageFlags.Ephemeral }));
    });
    const message = await fixture.send({ content: 'x', components: [row(button('a'))] });
    const outcome = await discord.press(message.id, 'a', discord.user({ name: 'Op' }));
    await expect.poll(() => outcome.followUps).toMatchObject([{ content: 'by you', ephemeral: true }]);
    expect(outcome.type).toBe('update');
    expect(discord.messages()).toMatchObject([{ content: 'pressed', buttons: [] }]);
    expect(discord.violations()).toEqual([]);
  });

  test('a command carries its options, member and server; autocomplete gets choices', async () => {
    const client = await fixture.logIn();
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
    const [first] = (await fixture.rest.put(path, { body })) as { id: string }[];
    const [second] = (await fixture.rest.put(path, { body })) as { id: string }[];
    expect(second?.id).toBe(first?.id);
    expect(await fixture.rest.get(path)).toMatchObject(body);
    const bad = fixture.rest.put(path, { body: [{ name: 'Status', description: 'd' }] });
    expect(await refusal(bad)).toMatchObject({ code: 50035 });
  });

  test('without an acknowledgement within 3 s the outcome is none, and a late answer gets 10062', async () => {
    const client = await fixture.logIn();
    const late = new Promise<{ code: number }>((resolve) => {
      client.on(Events.InteractionCreate, (interaction) => {
        discord.advanceTime(3001);
        if (interaction.isButton()) void refusal(interaction.deferReply()).then(resolve);
      });
    });
    const message = await fixture.send({ content: 'x', components: [row(button('a'))] });
    const outcome = discord.press(message.id, 'a', discord.user({ name: 'Op' }));
    expect(await late).toMatchObject({ code: 10062 });
    expect(await outcome).toMatchObject({ type: 'none', acknowledgedInMs: undefined });
  });

  test('a second acknowledgement gets 40060, and a token 15 minutes old is refused', async () => {
    const client = await fixture.logIn();
    const codes = new Promise<number[]>((resolve) => {
      client.on(Events.InteractionCreate, (interaction) => {
        if (!interaction.isButton()) return;
        void (async () => {
          await interaction.deferReply();
          const again = { body: { type: 5 } };
          const path = Routes.interactionCallback(interaction.id, interaction.token);
          const second = await refusal(fixture.rest.post(path, again));
          discord.advanceTime(15 * 60_000 + 1);
          const late = await refusal(interaction.editReply('late'));
          resolve([second.code, late.code]);
        })();
      });
    });
    const message = await fixture.send({ content: 'x', components: [row(button('a'))] });
    void discord.press(message.id, 'a', discord.user({ name: 'Op' }));
    expect(await codes).toEqual([40060, 50027]);
  });
});
