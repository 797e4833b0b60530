import { type ChatInputCommandInteraction, MessageFlags } from 'discord.js';
import { commands } from '../commands/index.ts';
import { acknowledge, showAnswer } from './acknowledge.ts';
import { answerInTime } from './answer-in-time.ts';
import type { AskDeps } from './ask-deps.ts';
import type { Command } from './command.ts';
import { actorOf, personOf, whyNotAllowed } from './person.ts';
import { type Reply, say } from './reply.ts';
import { toReplyBody } from './reply-body.ts';
import { showTrouble } from './show-trouble.ts';
import { readTyped } from './typed-options.ts';

/** Runs a slash command and shows its answer, only to the asker unless they share it. Never throws. */
export async function answerCommand(deps: AskDeps, interaction: ChatInputCommandInteraction): Promise<void> {
  const options = readTyped(interaction.options.data);
  const isShared = interaction.guildId === deps.guildId && options.flag('share');
  try {
    // First of all: Discord waits three seconds.
    await acknowledge(interaction, async () =>
      interaction.deferReply(isShared ? {} : { flags: MessageFlags.Ephemeral }),
    );
    const reply = await makeAnswer(deps, interaction);
    await showAnswer(deps, interaction, toReplyBody(reply));
  } catch (error) {
    await showTrouble(deps, interaction, error);
  }
}

async function makeAnswer(deps: AskDeps, interaction: ChatInputCommandInteraction): Promise<Reply> {
  if (interaction.guildId !== deps.guildId) return say('This bot does not work here.');
  const command = commands.find(({ definition }) => definition.name === interaction.commandName);
  if (command === undefined)
    return say('This command is from an older version. Reload Discord to see the present ones.');
  const refusal = await findRefusal(deps, command, interaction);
  if (refusal !== undefined) return say(refusal);
  const options = readTyped(interaction.options.data);
  return answerInTime(deps, interaction, async (asked) => command.run(deps, { ...asked, options }));
}

async function findRefusal(
  deps: AskDeps,
  command: Command,
  interaction: ChatInputCommandInteraction,
): Promise<string | undefined> {
  const person = personOf(interaction);
  const refusal = whyNotAllowed(command.access, person, deps);
  if (refusal === undefined) return undefined;
  const { subcommand } = readTyped(interaction.options.data);
  const what = ['/', command.definition.name, subcommand === undefined ? '' : ` ${subcommand}`].join('');
  deps.logger.warn('a command was refused', { command: what, user: person.userId });
  await deps.operations.auditRefusal(actorOf(person), what);
  return refusal;
}
