import { type MessageComponentInteraction, MessageFlags, type ModalSubmitInteraction } from 'discord.js';
import { acknowledge, NotHeard, sayOnce, showAnswer } from './acknowledge.ts';
import type { BotContext } from './context.ts';
import { isForm, toModal } from './form.ts';
import type { Acknowledgement, PressAnswer } from './handler.ts';
import { type Reply, say } from './reply.ts';
import { type ReplyBody, toReplyBody } from './reply-body.ts';
import { reportTrouble, showTrouble } from './show-trouble.ts';

type Interaction = MessageComponentInteraction | ModalSubmitInteraction;

/** How a press is answered, from the acknowledgement to the answer. */
export interface Way {
  /** Sends the acknowledgement, if it is not the answer itself. */
  begin(): Promise<void>;
  show(answer: PressAnswer): Promise<void>;
  /** Logs an error and tells the presser, unless the answer itself may already be shown. Never throws. */
  fail(error: unknown): Promise<void>;
}

/** Opens the way that a handler's acknowledgement asks for. */
export function openWay(context: BotContext, interaction: Interaction, how: Acknowledgement): Way {
  if (how === 'update') return updateWay(context, interaction);
  if (how === 'form' && interaction.isMessageComponent()) return formWay(context, interaction);
  return {
    begin: async () => acknowledge(interaction, async () => interaction.deferReply(ephemeral)),
    show: async (answer) => showAnswer(context, interaction, toReplyBody(toReply(answer))),
    fail: async (error) => showTrouble(context, interaction, error),
  };
}

function updateWay(context: BotContext, interaction: Interaction): Way {
  const tell = async (reply: Reply): Promise<void> =>
    sayOnce(async () => interaction.followUp({ ...toNewBody(reply), ...ephemeral }));
  return {
    begin: async () => acknowledge(interaction, async () => interaction.deferUpdate()),
    show: async (answer) => {
      if ('replace' in answer) await showAnswer(context, interaction, toReplyBody(answer.replace));
      else await tell(toReply(answer));
    },
    fail: async (error) => {
      const sentence = reportTrouble(context, interaction.id, error);
      // The answer may already be shown: do not contradict it.
      if (!interaction.deferred || error instanceof NotHeard) return;
      await tell(say(sentence)).catch(() => undefined);
    },
  };
}

/** A form cannot be deferred, and neither can the reply that is sent instead of one. */
function formWay(context: BotContext, interaction: MessageComponentInteraction): Way {
  const tell = async (reply: Reply): Promise<void> =>
    acknowledge(interaction, async () => interaction.reply({ ...toNewBody(reply), ...ephemeral }));
  return {
    begin: async () => undefined,
    show: async (answer) => {
      if (!isForm(answer)) return tell(toReply(answer));
      return acknowledge(interaction, async () => interaction.showModal(toModal(answer)));
    },
    fail: async (error) => tell(say(reportTrouble(context, interaction.id, error))).catch(() => undefined),
  };
}

const ephemeral = { flags: MessageFlags.Ephemeral } as const;

/** A new message has no attachments to replace. */
function toNewBody(reply: Reply): Omit<ReplyBody, 'attachments'> {
  const { attachments: _, ...body } = toReplyBody(reply);
  return body;
}

/** Throws for a form: a handler that opens one must declare so. */
function toReply(answer: PressAnswer): Reply {
  if (isForm(answer)) throw new Error('a form was made for a press that is answered otherwise');
  return 'replace' in answer ? answer.replace : answer;
}
