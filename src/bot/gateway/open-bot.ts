import type { RESTOptions } from '@discordjs/rest';
import type { Thread, ThreadMessages } from '../../ports/announcements.ts';
import type { AuditLog } from '../../ports/audit.ts';
import type { Channel } from '../../ports/chat.ts';
import type { Clock } from '../../ports/clock.ts';
import type { JobCancels, JobRetries } from '../../ports/jobs.ts';
import type { Logger } from '../../ports/logger.ts';
import type { BotMemory } from '../../ports/memory.ts';
import type { Operations, Proposals, Suggestions } from '../../publisher/operations/operations.ts';
import type { ProgressSink } from '../../publisher/run/progress.ts';
import { commands } from '../commands/index.ts';
import type { ShowDeps } from '../interactions/acknowledge.ts';
import { buildAnswers } from '../interactions/answers.ts';
import type { AskDeps } from '../interactions/ask-deps.ts';
import type { InteractionDeps } from '../interactions/interactions.ts';
import type { Links } from '../messages/look.ts';
import { buildLiveMessages } from '../thread/live.ts';
import { whomToPing } from '../thread/pings.ts';
import { buildDiscordThread } from '../thread/thread.ts';
import { type BotState, buildBot } from './client.ts';
import { buildRegistration, type Registration } from './command-registration.ts';
import type { DiscordConfig } from './discord-config.ts';

export interface BotDeps {
  /** Options of discord.js' REST client. */
  readonly rest: Partial<RESTOptions>;
  readonly config: DiscordConfig;
  readonly token: () => string | undefined;
  readonly channel: Channel;
  /** The channel for reports about the service itself; may be the same. */
  readonly monitoring: Channel;
  readonly messages: ThreadMessages;
  readonly retries: JobRetries;
  readonly cancels: JobCancels;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly recentLog: (job: number) => readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly links: Links;
  /** What the commands work with; without it there are no commands. */
  readonly asked?: {
    readonly operations: Operations;
    readonly suggestions: Suggestions;
    readonly proposals: Proposals;
    readonly memory: BotMemory;
  };
}

export interface OpenBot {
  readonly thread: Thread;
  readonly progress: ProgressSink;
  /** `retried` is called when a job or an announcement may be pending, `ready` when the bot is connected. */
  start(onChange: { readonly retried: () => void; readonly ready: () => void }): void;
  state(): BotState;
  stop(): Promise<void>;
}

/** Assembles the Discord side: the thread for messages, the live messages, and the gateway for interactions. */
export function openBot(deps: BotDeps): OpenBot {
  const { clock, config, logger } = deps;
  const stopping = new AbortController();
  const thread = buildDiscordThread({ ...deps, pingsOf: ({ pusher }) => whomToPing(config, pusher) });
  const live = buildLiveMessages({ clock, show: async (progress) => thread.progress(progress) });
  let changed = { retried: (): void => undefined, ready: (): void => undefined };
  const interactions: InteractionDeps = {
    ...buttonPartsOf(deps, stopping.signal),
    clock,
    stopping: stopping.signal,
    onRetried: () => changed.retried(),
    asking: askingOf(deps, stopping.signal),
  };
  const registration = openRegistration(deps);
  const answers = buildAnswers(interactions, clock);
  const bot = buildBot({
    rest: deps.rest,
    token: deps.token,
    guildId: config.guildId,
    threadIds: [config.threadId, config.monitoringThreadId],
    clock,
    logger,
    onInteraction: answers.answer,
    onReady: (applicationId) => {
      if (applicationId !== undefined) registration?.begin(applicationId);
      changed.ready();
    },
  });
  return {
    thread,
    progress: live,
    start: (onChange) => {
      changed = onChange;
      bot.start();
    },
    state: () => withTrouble(bot.state(), registration?.trouble()),
    stop: async () => {
      stopping.abort();
      await live.stop();
      await registration?.stop();
      await answers.settle();
      await bot.stop();
    },
  };
}

function withTrouble(state: BotState, trouble: string | undefined): BotState {
  return { ...state, why: state.why ?? trouble };
}

/** Returns what the buttons of jobs need, except the callbacks. */
function buttonPartsOf(
  deps: BotDeps,
  stopping: AbortSignal,
): Omit<InteractionDeps, 'onRetried' | 'asking' | keyof ShowDeps> {
  const { audit, cancels, logger, recentLog, retries } = deps;
  const { guildId, operatorRoleIds, retryRoleIds } = deps.config;
  const proposeFix = proposeFixOf(deps, stopping);
  return { guildId, retryRoleIds, operatorRoleIds, retries, cancels, audit, recentLog, logger, proposeFix };
}

/** Returns `proposeFix`, which refuses without operations: there is nobody to ask. */
function proposeFixOf({ asked }: BotDeps, stopping: AbortSignal): InteractionDeps['proposeFix'] {
  return async (job, by) =>
    asked === undefined
      ? { kind: 'not-found', what: 'job', asked: `#${job}`, closest: undefined }
      : asked.operations.proposeFix(job, by, stopping);
}

function askingOf(
  { asked, clock, config, links, logger }: BotDeps,
  stopping: AbortSignal,
): AskDeps | undefined {
  if (asked === undefined) return undefined;
  const { guildId, operatorRoleIds, retryRoleIds } = config;
  return { ...asked, links, clock, logger, guildId, operatorRoleIds, retryRoleIds, stopping };
}

function openRegistration({ asked, clock, config, logger, rest, token }: BotDeps): Registration | undefined {
  if (asked === undefined) return undefined;
  return buildRegistration({ ...config, rest, token, commands, memory: asked.memory, clock, logger });
}
