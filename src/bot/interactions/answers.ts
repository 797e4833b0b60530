import type { Interaction } from 'discord.js';
import { atMost } from '../../publisher/pacing/wait.ts';
import type { BotContext } from './context.ts';
import { handleInteraction } from './interactions.ts';

/** The time that pending answers get when the process stops, to say that it does. */
const lastAnswersMs = 2_000;

export interface Answers {
  /** Never throws. */
  readonly answer: (interaction: Interaction) => Promise<void>;
  /** Waits briefly for pending answers. */
  readonly settle: () => Promise<void>;
}

/** Answers interactions, and tracks those still in progress. */
export function buildAnswers(context: BotContext): Answers {
  const running = new Set<Promise<void>>();
  return {
    answer: async (interaction: Interaction): Promise<void> => {
      const answer = handleInteraction(context, interaction).finally(() => running.delete(answer));
      running.add(answer);
      return answer;
    },
    settle: async (): Promise<void> => {
      await atMost(context.clock, lastAnswersMs, Promise.allSettled(running));
    },
  };
}
