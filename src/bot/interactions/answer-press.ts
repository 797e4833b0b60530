import { type MessageComponentInteraction, MessageFlags } from 'discord.js';
import { parseCustomId } from '../components/custom-id.ts';
import { componentHandlers } from '../components/index.ts';
import { acknowledge, NotHeard, sayOnce, showAnswer } from './acknowledge.ts';
import { answerInTime } from './answer-in-time.ts';
import { type AskDeps, reportTrouble } from './ask-deps.ts';
import type { ComponentHandler, PressAnswer } from './command.ts';
import { actorOf, personOf, whyNotAllowed } from './person.ts';
import { type Reply, say } from './reply.ts';
import { toReplyBody } from './reply-body.ts';

/** Returns the handler of a component of an answer; undefined for a job's component or an unknown one. */
export function findComponent(customId: string): ComponentHandler | undefined {
  const action = parseCustomId(customId)?.action;
  return componentHandlers.find((known) => known.action === action);
}

/** Carries out a press. Never throws. */
export async function answerPress(
  deps: AskDeps,
  interaction: MessageComponentInteraction,
  handler: ComponentHandler,
): Promise<void> {
  const tell = async (reply: Reply): Promise<void> => {
    // A follow-up has no attachments to replace.
    const { attachments: _, ...body } = toReplyBody(reply);
    await sayOnce(async () => interaction.followUp({ ...body, flags: MessageFlags.Ephemeral }));
  };
  try {
    // Before anything else: Discord waits three seconds.
    await acknowledge(interaction, async () => interaction.deferUpdate());
    const answer = await makeAnswer(deps, interaction, handler);
    if (answer.replace !== undefined) await showAnswer(deps, interaction, toReplyBody(answer.replace));
    if (answer.aside !== undefined) await tell(answer.aside);
  } catch (error) {
    const sentence = reportTrouble(deps, interaction.id, error);
    // The answer may already be shown: do not contradict it.
    if (!interaction.deferred || error instanceof NotHeard) return;
    await tell(say(sentence)).catch(() => undefined);
  }
}

async function makeAnswer(
  deps: AskDeps,
  interaction: MessageComponentInteraction,
  handler: ComponentHandler,
): Promise<PressAnswer> {
  if (interaction.guildId !== deps.guildId) return { aside: say('This bot does not work here.') };
  const { logger, operations } = deps;
  const person = personOf(interaction);
  const refusal = whyNotAllowed(handler.access, person, deps);
  if (refusal !== undefined) {
    logger.warn('a press was refused', { action: handler.action, user: person.userId });
    await operations.auditRefusal(actorOf(person), handler.action);
    return { aside: say(refusal) };
  }
  const id = parseCustomId(interaction.customId)?.id ?? '';
  const values = interaction.isStringSelectMenu() ? interaction.values : [];
  return answerInTime(deps, interaction, async (asked) => handler.press(deps, { ...asked, id, values }));
}
