import type { MessageComponentInteraction, ModalSubmitInteraction } from 'discord.js';
import { auditRefusal } from '../../publisher/operations/audit-refusal.ts';
import { parseCustomId, parseNumber } from '../components/custom-id.ts';
import { handlers } from '../components/index.ts';
import { inert } from '../text/text.ts';
import { answerInTime } from './answer-in-time.ts';
import { openWay } from './answer-way.ts';
import type { BotContext } from './context.ts';
import { readFilled } from './form.ts';
import type { Handler, PressAnswer } from './handler.ts';
import { actorOf, personOf, whyNotAllowed } from './person.ts';
import { say } from './reply.ts';

type Interaction = MessageComponentInteraction | ModalSubmitInteraction;

interface Target {
  readonly handler: Handler;
  readonly id: string;
}

/** Carries out a press, a choice or a submitted form. Never throws. */
export async function answerPress(context: BotContext, interaction: Interaction): Promise<void> {
  const target = findTarget(interaction);
  const isPress = interaction.isMessageComponent();
  const way = openWay(context, interaction, (isPress ? target?.handler.acknowledge : undefined) ?? 'reply');
  try {
    // Before anything else: Discord waits three seconds.
    await way.begin();
    await way.show(await makeAnswer(context, interaction, target));
  } catch (error) {
    await way.fail(error);
  }
}

/** Returns undefined for ids that this version does not know. */
function findTarget(interaction: Interaction): Target | undefined {
  const { action, id } = parseCustomId(interaction.customId) ?? {};
  const handler = handlers.find((known) => known.action === action);
  if (handler === undefined || id === undefined) return undefined;
  const isComplete = interaction.isMessageComponent() || handler.submit !== undefined;
  const isKnown = handler.of === 'answer' || parseNumber(id) !== undefined;
  return isComplete && isKnown ? { handler, id } : undefined;
}

async function makeAnswer(
  context: BotContext,
  interaction: Interaction,
  target: Target | undefined,
): Promise<PressAnswer> {
  const refusal = findRefusal(context, interaction, target);
  if (refusal !== undefined) return refuse(context, interaction, refusal, target?.handler.of ?? 'job');
  return target === undefined ? say(olderMessage) : run(context, interaction, target);
}

async function run(
  context: BotContext,
  interaction: Interaction,
  { handler, id }: Target,
): Promise<PressAnswer> {
  return answerInTime(context, interaction, async (asked) => {
    if (interaction.isModalSubmit()) {
      const filled = readFilled(interaction, id, asked.actor);
      return (await handler.submit?.(context, filled)) ?? say(olderMessage);
    }
    const values = interaction.isStringSelectMenu() ? interaction.values : [];
    return handler.press(context, { ...asked, id, values });
  });
}

interface Refusal {
  /** What was tried, for the audit trail. */
  readonly subject: string;
  /** A sentence for the presser. */
  readonly why: string;
}

const olderMessage = 'This button is from an older version. Use the newest message of this job.';

function findRefusal(
  { guild }: BotContext,
  interaction: Interaction,
  target: Target | undefined,
): Refusal | undefined {
  const { customId, guildId } = interaction;
  if (guildId !== guild.guildId)
    return { subject: `guild ${guildId ?? 'none'}`, why: 'This bot does not work here.' };
  if (target === undefined) return { subject: inert(customId, 120), why: olderMessage };
  const why = whyNotAllowed(target.handler.access, personOf(interaction), guild);
  return why === undefined ? undefined : { subject: subjectOf(target), why };
}

function subjectOf({ handler: { acknowledge, action, of }, id }: Target): string {
  if (of === 'job') return `#${id}`;
  return acknowledge === 'form' ? `${action} ${id}` : action;
}

async function refuse(
  { ask, logger }: BotContext,
  interaction: Interaction,
  { subject, why }: Refusal,
  of: Handler['of'],
): Promise<PressAnswer> {
  const person = personOf(interaction);
  logger.warn('a press was refused', { user: person.userId, subject, why });
  await ask(auditRefusal, actorOf(person), subject, of === 'job' ? why : undefined);
  return say(why);
}
