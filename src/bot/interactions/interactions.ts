import type { Interaction } from 'discord.js';
import { answerCommand } from './answer-command.ts';
import { answerPress } from './answer-press.ts';
import { answerTyping } from './answer-typing.ts';
import type { BotContext } from './context.ts';

/** Answers any interaction, whatever it contains. Never throws. */
export async function handleInteraction(context: BotContext, interaction: Interaction): Promise<void> {
  if (interaction.isAutocomplete()) await answerTyping(context, interaction);
  else if (interaction.isChatInputCommand()) await answerCommand(context, interaction);
  else if (interaction.isMessageComponent() || interaction.isModalSubmit())
    await answerPress(context, interaction);
}
