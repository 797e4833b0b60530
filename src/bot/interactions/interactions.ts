import {
  type Interaction,
  type MessageComponentInteraction,
  MessageFlags,
  type ModalSubmitInteraction,
} from 'discord.js';
import { type Answer, type ButtonContext, refusePress } from '../components/button.ts';
import { parseCustomId, parseNumber } from '../components/custom-id.ts';
import { buttonHandlers } from '../components/index.ts';
import { inert } from '../text/text.ts';
import { acknowledge, type ShowDeps, showAnswer } from './acknowledge.ts';
import { answerCommand } from './answer-command.ts';
import { findForm, openForm, takeForm } from './answer-form.ts';
import { answerPress, findComponent } from './answer-press.ts';
import { answerTyping } from './answer-typing.ts';
import type { AskDeps } from './ask-deps.ts';
import { personOf, whyNotAllowed } from './person.ts';
import { replyOf } from './reply.ts';
import { toReplyBody } from './reply-body.ts';
import { showTrouble } from './show-trouble.ts';

export interface InteractionDeps extends ButtonContext, ShowDeps {
  readonly guildId: string;
  /** Undefined when the bot has no commands. */
  readonly asking: AskDeps | undefined;
}

/** Answers any interaction, whatever it contains. Never throws. */
export async function handleInteraction(deps: InteractionDeps, interaction: Interaction): Promise<void> {
  const { asking } = deps;
  if (asking !== undefined && (await answerAsked(asking, interaction))) return;
  if (interaction.isMessageComponent() || interaction.isModalSubmit()) await answerButton(deps, interaction);
}

/** Returns false when the interaction belongs to a job's message, or is unknown. */
async function answerAsked(asking: AskDeps, interaction: Interaction): Promise<boolean> {
  if (interaction.isAutocomplete()) await answerTyping(asking, interaction);
  else if (interaction.isChatInputCommand()) await answerCommand(asking, interaction);
  else if (interaction.isMessageComponent()) return answerComponent(asking, interaction);
  else if (interaction.isModalSubmit()) return answerFilled(asking, interaction);
  else return false;
  return true;
}

async function answerComponent(asking: AskDeps, interaction: MessageComponentInteraction): Promise<boolean> {
  const form = findForm(interaction.customId);
  const handler = findComponent(interaction.customId);
  if (form !== undefined) await openForm(asking, interaction, form);
  else if (handler !== undefined) await answerPress(asking, interaction, handler);
  return form !== undefined || handler !== undefined;
}

async function answerFilled(asking: AskDeps, interaction: ModalSubmitInteraction): Promise<boolean> {
  const form = findForm(interaction.customId);
  if (form !== undefined) await takeForm(asking, interaction, form);
  return form !== undefined;
}

type Pressed = MessageComponentInteraction | ModalSubmitInteraction;

/** Answers buttons of jobs, and menus and forms that this version no longer knows. */
async function answerButton(deps: InteractionDeps, interaction: Pressed): Promise<void> {
  try {
    // First of all: Discord waits three seconds.
    await acknowledge(interaction, async () => interaction.deferReply({ flags: MessageFlags.Ephemeral }));
    const { content, files = [] } = await answerJobPress(deps, interaction);
    await showAnswer(deps, interaction, toReplyBody(replyOf({ content, files })));
  } catch (error) {
    await showTrouble(deps, interaction, error);
  }
}

async function answerJobPress(deps: InteractionDeps, interaction: Pressed): Promise<Answer> {
  if (interaction.guildId !== deps.guildId) {
    const subject = `guild ${interaction.guildId ?? 'none'}`;
    return refusePress(deps, personOf(interaction), subject, 'This bot does not work here.');
  }
  const id = parseCustomId(interaction.customId);
  const handler = buttonHandlers.find((known) => known.action === id?.action);
  const job = parseNumber(id?.id ?? '');
  if (job === undefined || handler === undefined) {
    const why = 'This button is from an older version. Use the newest message of this job.';
    return refusePress(deps, personOf(interaction), inert(interaction.customId, 120), why);
  }
  const person = personOf(interaction);
  const refusal = whyNotAllowed(handler.access, person, deps);
  if (refusal !== undefined) return refusePress(deps, person, `#${job}`, refusal);
  return handler.press(deps, job, person);
}
