import type { BaseInteraction, InteractionEditReplyOptions } from 'discord.js';
import type { Asked, BotContext } from './context.ts';
import { beforeDeadline } from './deadline.ts';
import { buildInterim } from './interim.ts';
import { actorOf, personOf } from './person.ts';
import { toReplyBody } from './reply-body.ts';

/** An interaction whose answer was deferred, and can be written and edited. */
type Deferred = BaseInteraction & { editReply(options: InteractionEditReplyOptions): Promise<unknown> };

/**
 * Makes an answer while showing progress to the asker; once this resolves no more progress is shown. Rejects with
 * GivenUp when the answer would come too late or the process stops, and with what `make` throws.
 */
export async function answerInTime<Answer>(
  { clock, logger, stopping }: Pick<BotContext, 'clock' | 'logger' | 'stopping'>,
  interaction: Deferred,
  make: (asked: Asked) => Promise<Answer>,
): Promise<Answer> {
  const person = personOf(interaction);
  const interim = buildInterim({
    clock,
    logger,
    edit: async (reply) => interaction.editReply(toReplyBody(reply)),
  });
  try {
    return await beforeDeadline(clock, stopping, async (signal) =>
      make({ person, actor: actorOf(person), signal, show: interim.show }),
    );
  } finally {
    await interim.end();
  }
}
