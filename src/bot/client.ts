import { REST } from '@discordjs/rest';
import { Client, Events, GatewayIntentBits, type Interaction, PermissionFlagsBits } from 'discord.js';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';

export interface BotOptions {
  /** DISCORD_API_URL. */
  readonly apiUrl: string;
  readonly token: string;
  readonly guildId: string;
  readonly threadIds: readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onInteraction: (interaction: Interaction) => Promise<void>;
  /** It can be talked to (again). */
  readonly onReady: (applicationId: string | undefined) => void;
}

export interface BotState {
  readonly kind: 'connecting' | 'ready' | 'reconnecting' | 'headless';
  /** Epoch milliseconds. */
  readonly since: number;
  /** What a person must mend, or why it is not ready. */
  readonly why: string | undefined;
}

export interface Bot {
  start(): void;
  state(): BotState;
  stop(): Promise<void>;
}

/** Gateway close codes after which Discord will not have us (documentation, “Gateway Close Event Codes”). */
const finalCloses: Readonly<Record<number, string>> = {
  4004: 'Discord refuses our token: renew DISCORD_TOKEN and restart',
  4010: 'Discord refuses our shard',
  4011: 'Discord asks for sharding',
  4012: 'Discord no longer speaks this gateway version',
  4013: 'Discord does not know our intents',
  4014: 'Discord does not allow our intents: allow them in its developer portal and restart',
};

const firstRetryMs = 5_000;
const longestRetryMs = 5 * 60_000;
const requestTimeoutMs = 15_000;

const neededPermissions = [
  ['ViewChannel', PermissionFlagsBits.ViewChannel],
  ['SendMessagesInThreads', PermissionFlagsBits.SendMessagesInThreads],
  ['EmbedLinks', PermissionFlagsBits.EmbedLinks],
  ['AttachFiles', PermissionFlagsBits.AttachFiles],
  ['ReadMessageHistory', PermissionFlagsBits.ReadMessageHistory],
] as const;

/** The gateway connection: interactions in, and a state of our own, since the library's lies after a lost token. */
export function buildBot(options: BotOptions): Bot {
  return new GatewayBot(options);
}

class GatewayBot implements Bot {
  readonly #options: BotOptions;
  readonly #client: Client;
  readonly #stopping = new AbortController();
  #state: BotState;
  #loop: Promise<void> | undefined;

  constructor(options: BotOptions) {
    this.#options = options;
    this.#state = { kind: 'connecting', since: options.clock.now(), why: 'connecting to Discord' };
    this.#client = new Client({
      intents: [GatewayIntentBits.Guilds],
      allowedMentions: { parse: [] },
      rest: { api: options.apiUrl, version: '10', retries: 1, timeout: requestTimeoutMs },
    });
    this.#listen();
  }

  start(): void {
    this.#loop ??= this.#connect();
  }

  state(): BotState {
    return this.#state;
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('stopping'));
    await this.#loop?.catch(() => undefined);
    await this.#client.destroy();
  }

  #become(kind: BotState['kind'], why: string | undefined): void {
    if (this.#state.kind === 'headless' || (this.#state.kind === kind && this.#state.why === why)) return;
    this.#state = { kind, since: this.#options.clock.now(), why };
    const fields = why === undefined ? {} : { why };
    if (kind === 'headless')
      this.#options.logger.error('Discord is gone for good, publishing goes on', fields);
    else this.#options.logger.info(`discord ${kind}`, fields);
  }

  #listen(): void {
    const { logger } = this.#options;
    const client = this.#client;
    client.on(Events.InteractionCreate, (interaction) => {
      void this.#options.onInteraction(interaction);
    });
    client.on(Events.ClientReady, () => void this.#ready());
    client.on(Events.ShardResume, () => void this.#ready());
    client.on(Events.ShardReconnecting, () =>
      this.#become('reconnecting', 'the connection to Discord was lost'),
    );
    client.on(Events.ShardDisconnect, ({ code }) => {
      const why = finalCloses[code];
      if (why !== undefined) this.#become('headless', why);
    });
    client.on(Events.Invalidated, () => this.#become('headless', 'Discord ended the session for good'));
    // Without listeners an error of the library would end the process.
    client.on(Events.Error, (error) => logger.warn('discord.js reports an error', { error }));
    client.on(Events.ShardError, (error) => logger.warn('the gateway reports an error', { error }));
  }

  /** Tries until it is connected, stopped, or refused for good. */
  async #connect(): Promise<void> {
    let retryMs = firstRetryMs;
    while (!this.#stopping.signal.aborted && this.#state.kind !== 'headless') {
      try {
        await this.#waitForSessions();
        await this.#client.login(this.#options.token);
        return;
      } catch (error) {
        const why = wordFinalLogin(error);
        if (why !== undefined) return this.#become('headless', why);
        this.#options.logger.warn('Discord cannot be reached yet', { error });
        this.#become('connecting', 'Discord cannot be reached');
        await this.#options.clock.sleep(retryMs, this.#stopping.signal).catch(() => undefined);
        retryMs = Math.min(retryMs * 2, longestRetryMs);
      }
    }
  }

  /** Identifying more often than allowed makes Discord reset the token. */
  async #waitForSessions(): Promise<void> {
    const { apiUrl, token, clock } = this.#options;
    const rest = new REST({ api: apiUrl, version: '10', retries: 0, timeout: requestTimeoutMs }).setToken(
      token,
    );
    const { session_start_limit: limit } = (await rest.get('/gateway/bot')) as {
      session_start_limit: { remaining: number; reset_after: number };
    };
    if (limit.remaining > 1) return;
    this.#become(
      'connecting',
      `Discord allows no more sessions for ${Math.ceil(limit.reset_after / 60_000)} min`,
    );
    await clock.sleep(limit.reset_after, this.#stopping.signal);
  }

  async #ready(): Promise<void> {
    const problem = await this.#findProblem().catch(() => 'the guild could not be looked at');
    this.#become('ready', problem);
    this.#options.onReady(this.#client.application?.id);
  }

  /** What would keep messages from being seen, as one sentence. */
  async #findProblem(): Promise<string | undefined> {
    const { guildId, threadIds } = this.#options;
    const guild = this.#client.guilds.cache.get(guildId);
    if (guild === undefined) return `the bot is not in the guild ${guildId}: invite it`;
    const me = guild.members.me ?? (await guild.members.fetchMe());
    for (const id of new Set(threadIds)) {
      const thread = await this.#client.channels.fetch(id).catch(() => null);
      if (thread === null || !thread.isThread()) return `there is no thread ${id} that the bot can see`;
      if (thread.locked === true) return `the thread ${id} is locked: unlock it`;
      const granted = thread.permissionsFor(me);
      const missing = neededPermissions.filter(([, bit]) => !granted.has(bit)).map(([name]) => name);
      if (missing.length > 0) return `in the thread ${id} the bot lacks ${missing.join(', ')}`;
    }
    return undefined;
  }
}

function wordFinalLogin(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  if (status === 401 || code === 'TokenInvalid') return finalCloses[4004];
  return code === 'DisallowedIntents' ? finalCloses[4014] : undefined;
}
