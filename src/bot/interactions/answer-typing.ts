import type { AutocompleteInteraction } from 'discord.js';
import { atMost } from '../../publisher/pacing/wait.ts';
import { commands } from '../commands/index.ts';
import { cut, plainLine } from '../text/text.ts';
import type { Choice } from './command.ts';
import type { BotContext } from './context.ts';
import { readTyped } from './typed-options.ts';

/** Discord waits three seconds for choices; the difference is for sending them. */
const choicesWithinMs = 2_000;
const choiceMax = { count: 25, text: 100 } as const;
/** No value that can be completed is longer. */
const typedMax = 300;

/** Offers completions of the option being typed; on an error, none. Never throws. */
export async function answerTyping(context: BotContext, interaction: AutocompleteInteraction): Promise<void> {
  try {
    const choices = await findChoices(context, interaction).catch((error: unknown) => {
      context.logger.warn('choices could not be found', { error });
      return [];
    });
    await interaction.respond(choices.filter(isShowable).slice(0, choiceMax.count).map(toShown));
  } catch (error) {
    context.logger.debug('choices were not taken', { error });
  }
}

async function findChoices(
  context: BotContext,
  interaction: AutocompleteInteraction,
): Promise<readonly Choice[]> {
  const command = commands.find(({ definition }) => definition.name === interaction.commandName);
  if (interaction.guildId !== context.guild.guildId || command?.complete === undefined) return [];
  const { name, value } = interaction.options.getFocused(true);
  const typing = {
    option: name,
    typed: String(value).trim().slice(0, typedMax).toWellFormed(),
    options: readTyped(interaction.options.data),
  };
  return (await atMost(context.clock, choicesWithinMs, command.complete(context, typing))) ?? [];
}

/** Returns false for values that are too long to show: a cut value would mean something else. */
function isShowable({ name, value }: Choice): boolean {
  if (typeof value === 'string' && (value === '' || value.length > choiceMax.text)) return false;
  return plainLine(name) !== '';
}

function toShown({ name, value }: Choice): { name: string; value: string | number } {
  return { name: cut(plainLine(name), choiceMax.text), value };
}
