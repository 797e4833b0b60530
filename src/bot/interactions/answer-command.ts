import { type ChatInputCommandInteraction, MessageFlags } from 'discord.js';
import { auditRefusal } from '../../publisher/operations/audit-refusal.ts';
import { commands } from '../commands/index.ts';
import { acknowledge, showAnswer } from './acknowledge.ts';
import { answerInTime } from './answer-in-time.ts';
import type { Command } from './command.ts';
import type { BotContext } from './context.ts';
import { actorOf, personOf, whyNotAllowed } from './person.ts';
import { type Reply, say } from './reply.ts';
import { toReplyBody } from './reply-body.ts';
import { showTrouble } from './show-trouble.ts';
import { readTyped } from './typed-options.ts';

/** Runs a slash command and shows its answer, only to the asker unless they share it. Never throws. */
export async function answerCommand(
  context: BotContext,
  interaction: ChatInputCommandInteraction,
): Promise<void> {
  const options = readTyped(interaction.options.data);
  const isShared = interaction.guildId === context.guild.guildId && options.flag('share');
  try {
    // First of all: Discord waits three seconds.
    await acknowledge(interaction, async () =>
      interaction.deferReply(isShared ? {} : { flags: MessageFlags.Ephemeral }),
    );
    const reply = await makeAnswer(context, interaction);
    await showAnswer(context, interaction, toReplyBody(reply));
  } catch (error) {
    await showTrouble(context, interaction, error);
  }
}

async function makeAnswer(context: BotContext, interaction: ChatInputCommandInteraction): Promise<Reply> {
  if (interaction.guildId !== context.guild.guildId) return say('This bot does not work here.');
  const command = commands.find(({ definition }) => definition.name === interaction.commandName);
  if (command === undefined)
    return say('This command is from an older version. Reload Discord to see the present ones.');
  const refusal = await findRefusal(context, command, interaction);
  if (refusal !== undefined) return say(refusal);
  const options = readTyped(interaction.options.data);
  return answerInTime(context, interaction, async (asked) => command.run(context, { ...asked, options }));
}

async function findRefusal(
  context: BotContext,
  command: Command,
  interaction: ChatInputCommandInteraction,
): Promise<string | undefined> {
  const person = personOf(interaction);
  const refusal = whyNotAllowed(command.access, person, context.guild);
  if (refusal === undefined) return undefined;
  const { subcommand } = readTyped(interaction.options.data);
  const what = ['/', command.definition.name, subcommand === undefined ? '' : ` ${subcommand}`].join('');
  context.logger.warn('a command was refused', { command: what, user: person.userId });
  await context.ask(auditRefusal, actorOf(person), what);
  return refusal;
}
