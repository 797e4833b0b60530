import type { AuditLog } from '../ports/audit-log.ts';
import type { Channel } from '../ports/channel.ts';
import type { Clock } from '../ports/clock.ts';
import type { JobCancels } from '../ports/job-cancels.ts';
import type { JobRetries } from '../ports/job-retries.ts';
import type { Logger } from '../ports/logger.ts';
import type { Thread } from '../ports/thread.ts';
import type { ThreadMessages } from '../ports/thread-messages.ts';
import type { ProgressSink } from '../publisher/progress.ts';
import { type BotState, buildBot } from './client.ts';
import type { DiscordConfig } from './discord-config.ts';
import type { Links } from './embeds/look.ts';
import { handleInteraction, type InteractionDeps } from './interactions.ts';
import { buildLiveMessages } from './live.ts';
import { whomToPing } from './pings.ts';
import { buildDiscordThread } from './thread.ts';

export interface BotDeps {
  readonly config: DiscordConfig;
  readonly token: string;
  readonly channel: Channel;
  readonly messages: ThreadMessages;
  readonly retries: JobRetries;
  readonly cancels: JobCancels;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly recentLog: (job: number) => readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly links: Links;
}

export interface OpenBot {
  readonly thread: Thread;
  readonly progress: ProgressSink;
  /** `onChange` is called when a job or an announcement may wait. */
  start(onChange: { readonly retried: () => void; readonly ready: () => void }): void;
  state(): BotState;
  stop(): Promise<void>;
}

/** The Discord side: the thread that speaks, the live messages, and the gateway that listens. */
export function openBot(deps: BotDeps): OpenBot {
  const { clock, config, logger } = deps;
  const thread = buildDiscordThread({ ...deps, pingsOf: (ended) => whomToPing(config, ended.pusher) });
  const live = buildLiveMessages({ clock, show: async (progress) => thread.progress(progress) });
  let changed = { retried: (): void => undefined, ready: (): void => undefined };
  const interactions: InteractionDeps = {
    guildId: config.guildId,
    retryRoleIds: config.retryRoleIds,
    operatorRoleIds: config.operatorRoleIds,
    retries: deps.retries,
    cancels: deps.cancels,
    audit: deps.audit,
    recentLog: deps.recentLog,
    logger,
    onRetried: () => changed.retried(),
  };
  const bot = buildBot({
    apiUrl: config.apiUrl,
    token: deps.token,
    guildId: config.guildId,
    threadIds: [config.threadId, config.monitoringThreadId],
    clock,
    logger,
    onInteraction: async (interaction) => handleInteraction(interactions, interaction),
    onReady: () => changed.ready(),
  });
  return {
    thread,
    progress: live,
    start: (onChange) => {
      changed = onChange;
      bot.start();
    },
    state: () => bot.state(),
    stop: async () => {
      await live.stop();
      await bot.stop();
    },
  };
}
