import { DiscordAPIError } from 'discord.js';
import type { Clock } from '../../ports/clock.ts';

/** Discord's code for an interaction that has its first answer. */
const alreadyAcknowledged = 40_060;
const triesMax = 3;
/** Before the answer is written once more; together with the requests still well within Discord's 15 minutes. */
const pausesMs = [1_000, 5_000, 15_000] as const;

/** Discord's word on an answer was lost: it may stand there or not. */
export class NotHeard extends Error {
  constructor(cause: unknown) {
    super('Discord did not say whether it took the answer', { cause });
    this.name = 'NotHeard';
  }
}

/**
 * The first answer to an interaction, which Discord waits three seconds for. When its word on it is lost it is given once
 * more: Discord takes one, and says that it has one. Rejects as `answer` does; then nobody was told anything.
 */
export async function acknowledge(
  interaction: { deferred: boolean },
  answer: () => Promise<unknown>,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await answer();
      return;
    } catch (error) {
      const isTaken = tries > 1 && error instanceof DiscordAPIError && error.code === alreadyAcknowledged;
      // The library has not seen it.
      if (isTaken) interaction.deferred = true;
      if (isTaken) return;
      if (error instanceof DiscordAPIError || tries === triesMax) throw error;
    }
  }
}

export interface ShowDeps {
  readonly clock: Clock;
  /** The process ends: nothing is written once more. */
  readonly stopping: AbortSignal;
}

/**
 * Writes the answer where “thinking” stands, and once more while Discord's word on it is lost: an edit may be made twice.
 * Rejects with NotHeard when it stays so, and with DiscordAPIError when Discord does not take it.
 */
export async function showAnswer<Body>(
  { clock, stopping }: ShowDeps,
  interaction: { editReply(body: Body): Promise<{ readonly id: string }> },
  body: Body,
): Promise<void> {
  for (const pauseMs of [...pausesMs, undefined]) {
    try {
      const shown = await interaction.editReply(body);
      // Of another form than a message, it is not Discord's word.
      if (/^\d+$/.test(shown.id)) return;
      throw new NotHeard(undefined);
    } catch (error) {
      if (error instanceof DiscordAPIError) throw error;
      if (pauseMs === undefined || stopping.aborted) throw new NotHeard(error);
      await clock.sleep(pauseMs, stopping).catch(() => undefined);
    }
  }
}

/** Says something besides, once: it cannot be told apart from a second one. Rejects as showAnswer does. */
export async function sayOnce(say: () => Promise<unknown>): Promise<void> {
  try {
    await say();
  } catch (error) {
    throw error instanceof DiscordAPIError ? error : new NotHeard(error);
  }
}
