import { createHash } from 'node:crypto';
import { DiscordAPIError, REST, type RESTOptions } from '@discordjs/rest';
import { Routes } from 'discord.js';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { BotMemory } from '../../ports/memory.ts';
import { pause } from '../../publisher/pacing/wait.ts';
import type { Command } from '../interactions/command.ts';

export interface RegistrationDeps {
  readonly rest: Partial<RESTOptions>;
  readonly token: () => string | undefined;
  readonly guildId: string;
  readonly commands: readonly Command[];
  readonly memory: BotMemory;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface Registration {
  /**
   * Call when Discord is reachable: registers the commands, retrying until it succeeds. A call during a try does
   * nothing.
   */
  begin(applicationId: string): void;
  /** Returns why the commands are not registered, as one sentence. */
  trouble(): string | undefined;
  stop(): Promise<void>;
}

const firstRetryMs = 5_000;
const longestRetryMs = 5 * 60_000;
/** The key under which the bot stores a hash of the last registered commands. */
export const registeredCommandsKey = 'registered-commands';

/** Registers the commands of one guild in one request, only when they differ from the last registered ones. */
export function buildRegistration(deps: RegistrationDeps): Registration {
  const stopping = new AbortController();
  let trouble: string | undefined;
  let running: Promise<void> | undefined;

  async function keepTrying(applicationId: string): Promise<void> {
    let retryMs = firstRetryMs;
    while (!stopping.signal.aborted) {
      try {
        await register(deps, applicationId, stopping.signal);
        trouble = undefined;
        return;
      } catch (error) {
        if (stopping.signal.aborted) return;
        trouble = wordTrouble(error);
        deps.logger.warn('the commands could not be registered yet', { why: trouble, error });
      }
      await pause(deps.clock, retryMs, stopping.signal);
      retryMs = Math.min(retryMs * 2, longestRetryMs);
    }
  }

  return {
    begin: (applicationId) => {
      running ??= keepTrying(applicationId).finally(() => {
        running = undefined;
      });
    },
    trouble: () => trouble,
    stop: async () => {
      stopping.abort(new Error('stopping'));
      await running;
    },
  };
}

async function register(deps: RegistrationDeps, applicationId: string, signal: AbortSignal): Promise<void> {
  const { guildId, logger, memory, token } = deps;
  const body = deps.commands.map(({ definition }) => definition);
  const hash = createHash('sha256')
    .update(JSON.stringify([applicationId, guildId, body]))
    .digest('hex');
  if ((await memory.find(registeredCommandsKey)) === hash) return;
  const rest = new REST(deps.rest).setToken(token() ?? '');
  await rest.put(Routes.applicationGuildCommands(applicationId, guildId), { body, signal });
  await memory.remember(registeredCommandsKey, hash);
  logger.info('commands registered', { commands: body.map(({ name }) => name) });
}

function wordTrouble(error: unknown): string {
  if (!(error instanceof DiscordAPIError))
    return 'the commands are not registered: Discord cannot be reached';
  if (error.status === 403) {
    return 'the commands are not registered: invite the bot again with the scope applications.commands';
  }
  return `the commands are not registered: Discord answers ${error.status}`;
}
