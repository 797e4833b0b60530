import { type ButtonInteraction, type Interaction, MessageFlags, PermissionFlagsBits } from 'discord.js';
import { type Answer, type ButtonContext, type Presser, refusePress } from './components/button.ts';
import { parseCustomId } from './components/custom-id.ts';
import { buttonHandlers } from './components/index.ts';
import { inert } from './text.ts';

export interface InteractionDeps extends ButtonContext {
  readonly guildId: string;
}

/** Answers every interaction, whatever is in it; never throws. */
export async function handleInteraction(deps: InteractionDeps, interaction: Interaction): Promise<void> {
  if (!interaction.isButton()) return;
  try {
    // Before anything else: Discord waits three seconds.
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    const answer = await answerPress(deps, interaction);
    await interaction.editReply({
      content: answer.content,
      files: (answer.files ?? []).map((file) => ({ name: file.name, attachment: Buffer.from(file.text) })),
      allowedMentions: { parse: [] },
    });
  } catch (error) {
    const incident = interaction.id;
    deps.logger.error('an interaction failed', { incident, error });
    const content = `Something failed here (ref ${incident}). The log says more.`;
    await interaction.editReply({ content }).catch(() => undefined);
  }
}

async function answerPress(deps: InteractionDeps, interaction: ButtonInteraction): Promise<Answer> {
  if (interaction.guildId !== deps.guildId) {
    const subject = `guild ${interaction.guildId ?? 'none'}`;
    return refusePress(deps, presserOf(interaction), subject, 'This bot does not work here.');
  }
  const id = parseCustomId(interaction.customId);
  const handler = buttonHandlers.find((known) => known.action === id?.action);
  if (id === undefined || handler === undefined) {
    const why = 'This button is from an older version. Use the newest message of this job.';
    return refusePress(deps, presserOf(interaction), inert(interaction.customId, 120), why);
  }
  return handler.press(deps, id.job, presserOf(interaction));
}

function presserOf(interaction: ButtonInteraction): Presser {
  const { member } = interaction;
  const roles = member?.roles ?? [];
  return {
    userId: interaction.user.id,
    roleIds: Array.isArray(roles) ? roles : [...roles.cache.keys()],
    canManageGuild: interaction.memberPermissions?.has(PermissionFlagsBits.ManageGuild) === true,
  };
}
