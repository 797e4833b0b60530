import type { RESTOptions } from '@discordjs/rest';
import type { Thread, ThreadMessages } from '../../ports/announcements.ts';
import type { Channel } from '../../ports/chat.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { BotMemory } from '../../ports/memory.ts';
import type { ProgressSink } from '../../publisher/run/progress.ts';
import { commands } from '../commands/index.ts';
import { buildAnswers } from '../interactions/answers.ts';
import type { BotContext } from '../interactions/context.ts';
import type { Links } from '../messages/look.ts';
import { buildLiveMessages } from '../thread/live.ts';
import { whomToPing } from '../thread/pings.ts';
import { buildDiscordThread, type ThreadDeps } from '../thread/thread.ts';
import { type BotState, buildBot } from './client.ts';
import { buildRegistration } from './command-registration.ts';
import type { DiscordConfig } from './discord-config.ts';

export interface BotDeps {
  readonly discord: DiscordAccess;
  /** What commands, buttons and menus work with. */
  readonly asked: Pick<BotContext, 'ask' | 'proposals' | 'recentLog' | 'schedule' | 'suggestions'>;
  readonly messages: ThreadMessages;
  readonly memory: BotMemory;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly links: Links;
}

export interface DiscordAccess {
  /** Options of discord.js' REST client. */
  readonly rest: Partial<RESTOptions>;
  readonly config: DiscordConfig;
  readonly token: () => string | undefined;
  readonly channel: Channel;
  /** The channel for reports about the service itself; may be the same. */
  readonly monitoring: Channel;
}

export interface OpenBot {
  readonly thread: Thread;
  readonly progress: ProgressSink;
  /** `onReady` is called when the bot is connected, also again. */
  start(onReady: () => void): void;
  state(): BotState;
  stop(): Promise<void>;
}

/** Assembles the Discord side: the thread for messages, the live messages, and the gateway for interactions. */
export function openBot(deps: BotDeps): OpenBot {
  const { asked, clock, discord, links, logger, memory } = deps;
  const { channel, config, monitoring, rest, token } = discord;
  const { guildId, operatorRoleIds, retryRoleIds } = config;
  const stopping = new AbortController();
  const pingsOf: ThreadDeps['pingsOf'] = ({ pusher }) => whomToPing(config, pusher);
  const thread = buildDiscordThread({ ...deps, channel, monitoring, pingsOf });
  const live = buildLiveMessages({ clock, show: async (progress) => thread.progress(progress) });
  const registration = buildRegistration({ guildId, rest, token, commands, memory, clock, logger });
  const guild = { guildId, operatorRoleIds, retryRoleIds };
  const answers = buildAnswers({ ...asked, links, clock, logger, guild, stopping: stopping.signal });
  let ready = (): void => undefined;
  const bot = buildBot({
    rest,
    token,
    guildId,
    threadIds: [config.threadId, config.monitoringThreadId],
    clock,
    logger,
    onInteraction: answers.answer,
    onReady: (applicationId) => {
      if (applicationId !== undefined) registration.begin(applicationId);
      ready();
    },
  });
  return {
    thread,
    progress: live,
    start: (onReady) => {
      ready = onReady;
      bot.start();
    },
    state: () => withTrouble(bot.state(), registration.trouble()),
    stop: async () => {
      stopping.abort();
      await live.stop();
      await registration.stop();
      await answers.settle();
      await bot.stop();
    },
  };
}

function withTrouble(state: BotState, trouble: string | undefined): BotState {
  return { ...state, why: state.why ?? trouble };
}
