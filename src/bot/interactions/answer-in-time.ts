import type { BaseInteraction, InteractionEditReplyOptions } from 'discord.js';
import type { AskDeps } from './ask-deps.ts';
import type { Asked } from './command.ts';
import { beforeDeadline } from './deadline.ts';
import { buildInterim } from './interim.ts';
import { actorOf, personOf } from './person.ts';
import { toReplyBody } from './reply-body.ts';

/** One whose answer was put off, and can be written and written anew. */
type Deferred = BaseInteraction & { editReply(options: InteractionEditReplyOptions): Promise<unknown> };

/**
 * Has an answer made while its asker sees how far it is; once this resolves nothing more is shown of that. Rejects with
 * GivenUp when it would come too late or the process stops, and with what `make` throws.
 */
export async function answerInTime<Answer>(
  { clock, logger, stopping }: Pick<AskDeps, 'clock' | 'logger' | 'stopping'>,
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
