import { DiscordAPIError } from 'discord.js';
import { pause } from '../../publisher/pacing/wait.ts';
import type { BotContext } from './context.ts';

/** Discord's error code for an interaction that was already acknowledged. */
const alreadyAcknowledged = 40_060;
const triesMax = 3;
/** Pauses before each retry of writing the answer; with the requests themselves, well within Discord's 15 minutes. */
const pausesMs = [1_000, 5_000, 15_000] as const;

/** Thrown when Discord's response was lost: the answer may be shown or not. */
export class NotHeard extends Error {
  constructor(cause: unknown) {
    super('Discord did not say whether it took the answer', { cause });
    this.name = 'NotHeard';
  }
}

/**
 * Sends the first answer to an interaction, which Discord expects within three seconds. When the response is lost it
 * sends again: Discord accepts one answer, and says when it has one already. Rejects as `answer` does; then the person
 * saw nothing.
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
      // discord.js did not see the response that was lost.
      if (isTaken) interaction.deferred = true;
      if (isTaken) return;
      if (error instanceof DiscordAPIError || tries === triesMax) throw error;
    }
  }
}

/**
 * Replaces “thinking” with the answer, and retries while Discord's response is lost, since an edit may be repeated.
 * Rejects with NotHeard when every response is lost, and with DiscordAPIError when Discord rejects the answer.
 */
export async function showAnswer<Body>(
  { clock, stopping }: Pick<BotContext, 'clock' | 'stopping'>,
  interaction: { editReply(body: Body): Promise<{ readonly id: string }> },
  body: Body,
): Promise<void> {
  for (const pauseMs of [...pausesMs, undefined]) {
    try {
      const shown = await interaction.editReply(body);
      // A response that is not a message does not come from Discord.
      if (/^\d+$/.test(shown.id)) return;
      throw new NotHeard(undefined);
    } catch (error) {
      if (error instanceof DiscordAPIError) throw error;
      if (pauseMs === undefined || stopping.aborted) throw new NotHeard(error);
      await pause(clock, pauseMs, stopping);
    }
  }
}

/** Sends a follow-up, once: a repetition would show as a second message. Rejects as showAnswer does. */
export async function sayOnce(say: () => Promise<unknown>): Promise<void> {
  try {
    await say();
  } catch (error) {
    throw error instanceof DiscordAPIError ? error : new NotHeard(error);
  }
}
