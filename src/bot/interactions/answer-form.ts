import { type MessageComponentInteraction, MessageFlags, type ModalSubmitInteraction } from 'discord.js';
import { parseCustomId } from '../components/custom-id.ts';
import { formHandlers } from '../components/index.ts';
import { acknowledge, showAnswer } from './acknowledge.ts';
import { type AskDeps, reportTrouble } from './ask-deps.ts';
import { type FormHandler, isForm, readFilled, toModal } from './form.ts';
import { actorOf, personOf, whyNotAllowed } from './person.ts';
import { type Reply, say } from './reply.ts';
import { toReplyBody } from './reply-body.ts';
import { showTrouble } from './show-trouble.ts';

type Opening = MessageComponentInteraction;
type Submitted = ModalSubmitInteraction;

/** Returns the handler of a form and the button that opens it; undefined for any other id. */
export function findForm(customId: string): FormHandler | undefined {
  const action = parseCustomId(customId)?.action;
  return formHandlers.find((known) => known.action === action);
}

/** Opens a button's form, or says why not. Never throws. */
export async function openForm(deps: AskDeps, interaction: Opening, handler: FormHandler): Promise<void> {
  const tell = async (reply: Reply): Promise<void> => {
    const { attachments: _, ...body } = toReplyBody(reply);
    await acknowledge(interaction, async () => interaction.reply({ ...body, flags: MessageFlags.Ephemeral }));
  };
  try {
    const refusal = findRefusal(deps, interaction, handler);
    if (refusal !== undefined) {
      // Before anything else: Discord waits three seconds.
      await tell(say(refusal));
      return await auditRefusal(deps, interaction, handler);
    }
    // A form cannot be deferred: its contents come from the database, which takes milliseconds.
    const answer = await handler.open(deps, aboutOf(interaction));
    if (!isForm(answer)) return await tell(answer);
    await acknowledge(interaction, async () => interaction.showModal(toModal(answer)));
  } catch (error) {
    await tell(say(reportTrouble(deps, interaction.id, error))).catch(() => undefined);
  }
}

/** Carries out a submitted form. Never throws. */
export async function takeForm(deps: AskDeps, interaction: Submitted, handler: FormHandler): Promise<void> {
  try {
    // Before anything else: Discord waits three seconds.
    await acknowledge(interaction, async () => interaction.deferReply({ flags: MessageFlags.Ephemeral }));
    await showAnswer(deps, interaction, toReplyBody(await answerForm(deps, interaction, handler)));
  } catch (error) {
    await showTrouble(deps, interaction, error);
  }
}

async function answerForm(deps: AskDeps, interaction: Submitted, handler: FormHandler): Promise<Reply> {
  const refusal = findRefusal(deps, interaction, handler);
  if (refusal !== undefined) {
    await auditRefusal(deps, interaction, handler);
    return say(refusal);
  }
  const actor = actorOf(personOf(interaction));
  return handler.submit(deps, readFilled(interaction, aboutOf(interaction), actor));
}

function aboutOf({ customId }: Opening | Submitted): string {
  return parseCustomId(customId)?.id ?? '';
}

function findRefusal(
  deps: AskDeps,
  interaction: Opening | Submitted,
  { access }: FormHandler,
): string | undefined {
  if (interaction.guildId !== deps.guildId) return 'This bot does not work here.';
  return whyNotAllowed(access, personOf(interaction), deps);
}

async function auditRefusal(
  { logger, operations }: AskDeps,
  interaction: Opening | Submitted,
  { action }: FormHandler,
): Promise<void> {
  const person = personOf(interaction);
  logger.warn('a press was refused', { action, user: person.userId });
  await operations.auditRefusal(actorOf(person), `${action} ${aboutOf(interaction)}`);
}
