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

/** The handler of a button or menu that belongs to an answer; undefined for what belongs to a job, or to nobody. */
export function findComponent(customId: string): ComponentHandler | undefined {
  const action = parseCustomId(customId)?.action;
  return componentHandlers.find((known) => known.action === action);
}

/** Does what a press asks for. Never throws. */
export async function answerPress(
  deps: AskDeps,
  interaction: MessageComponentInteraction,
  handler: ComponentHandler,
): Promise<void> {
  const tell = async (reply: Reply): Promise<void> => {
    // A follow-up has nothing to replace.
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
    // Whoever may have been told is not told another thing.
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
