import type { RESTOptions } from '@discordjs/rest';
import { Client, Events, GatewayIntentBits, type Interaction } from 'discord.js';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import { atMost, pause } from '../../publisher/pacing/wait.ts';
import { finalCloses } from './final-closes.ts';
import { findProblem, unseen } from './self-check.ts';
import { awaitSession } from './session-limit.ts';

export interface BotOptions {
  /** Options of discord.js' REST client; by default no request is retried. */
  readonly rest: Partial<RESTOptions>;
  /** Read again after Discord refuses the token. */
  readonly token: () => string | undefined;
  readonly guildId: string;
  readonly threadIds: readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onInteraction: (interaction: Interaction) => Promise<void>;
  /** Called when the bot is connected (again), or when a problem that hid its messages may be solved. */
  readonly onReady: (applicationId: string | undefined) => void;
}

export interface BotState {
  readonly kind: 'connecting' | 'ready' | 'reconnecting' | 'headless';
  /** Epoch milliseconds. */
  readonly since: number;
  /** What a person must fix, or why the bot is not ready. */
  readonly why: string | undefined;
}

export interface Bot {
  start(): void;
  state(): BotState;
  stop(): Promise<void>;
}

const firstRetryMs = 5_000;
const longestRetryMs = 5 * 60_000;
/** The longest wait for discord.js to disconnect: it never finishes when the gateway went silent after hello. */
const goodbyeMs = 2_000;
/** The pause before a guild that could not be inspected is inspected again. */
const lookAgainMs = 30_000;
/** How often the token is checked for a change. */
const lookMs = 5_000;

/**
 * Builds the gateway connection, which receives interactions. It keeps its own state because the library's is wrong
 * after a lost token.
 */
export function buildBot(options: BotOptions): Bot {
  return new GatewayBot(options);
}

class GatewayBot implements Bot {
  readonly #options: BotOptions;
  #client: Client | undefined;
  readonly #stopping = new AbortController();
  #state: BotState;
  /** Counts inspections of the guild; only the newest one's result is used. */
  #looks = 0;
  #loop: Promise<void> | undefined;
  #onHeadless = (): void => undefined;

  constructor(options: BotOptions) {
    this.#options = options;
    this.#state = this.#beginning();
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  #beginning(): BotState {
    return { kind: 'connecting', since: this.#options.clock.now(), why: 'connecting to Discord' };
  }

  /** Connects. After Discord rejects us for good, tries again only with another token, so no session is wasted. */
  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    while (!signal.aborted) {
      const token = this.#options.token();
      if (token === undefined) {
        await this.#awaitToken();
        continue;
      }
      const refused = new Promise<void>((resolve) => {
        this.#onHeadless = resolve;
      });
      await this.#connect(token, stopped);
      await Promise.race([refused, stopped]);
      const old = this.#client;
      this.#client = undefined;
      await old?.destroy();
      await this.#waitForOther(token);
      if (!signal.aborted) this.#state = this.#beginning();
    }
  }

  /** Waits for a token whose file is configured but not written yet. */
  async #awaitToken(): Promise<void> {
    const why = 'there is no token yet: write it into DISCORD_TOKEN_FILE';
    this.#state = { kind: 'headless', since: this.#options.clock.now(), why };
    this.#options.logger.warn('Discord waits for a token, publishing goes on', { why });
    await this.#waitForOther(undefined);
    if (!this.#stopping.signal.aborted) this.#state = this.#beginning();
  }

  async #waitForOther(token: string | undefined): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted && (this.#options.token() ?? token) === token) {
      await pause(clock, lookMs, signal);
    }
  }

  state(): BotState {
    return this.#state;
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('stopping'));
    await atMost(this.#options.clock, goodbyeMs, this.#leave());
  }

  async #leave(): Promise<void> {
    await this.#client?.destroy();
    await this.#loop;
  }

  #lose(): void {
    this.#looks++;
    this.#become('reconnecting', 'the connection to Discord was lost');
  }

  #become(kind: BotState['kind'], why: string | undefined): void {
    if (this.#state.kind === 'headless' || (this.#state.kind === kind && this.#state.why === why)) return;
    this.#state = { kind, since: this.#options.clock.now(), why };
    const fields = why === undefined ? {} : { why };
    if (kind === 'headless') {
      this.#options.logger.error('Discord refuses us, publishing goes on', fields);
      this.#onHeadless();
    } else this.#options.logger.info(`discord ${kind}`, fields);
  }

  /** Builds a client for one login: a client that failed to log in cannot be reused. */
  #buildClient(): Client {
    const client = new Client({
      intents: [GatewayIntentBits.Guilds],
      allowedMentions: { parse: [] },
      rest: this.#options.rest,
    });
    this.#listen(client);
    this.#watchThreads(client);
    return client;
  }

  #listen(client: Client): void {
    const { logger } = this.#options;
    client.on(Events.InteractionCreate, (interaction) => {
      void this.#options.onInteraction(interaction);
    });
    // `ShardReady` also covers a session that began anew; `clientReady` fires only once.
    client.on(Events.ShardReady, () => void this.#look(client));
    client.on(Events.ShardResume, () => void this.#look(client));
    client.on(Events.ShardReconnecting, () => this.#lose());
    client.on(Events.ShardDisconnect, ({ code }) => {
      // Ignores a client that we replaced and that is only disconnecting now.
      if (client !== this.#client) return;
      const why = finalCloses[code];
      if (why === undefined) this.#lose();
      else this.#become('headless', why);
    });
    client.on(Events.Invalidated, () => this.#become('headless', 'Discord ended the session for good'));
    // Without listeners, an error of the library would end the process.
    client.on(Events.Error, (error) => logger.warn('discord.js reports an error', { error }));
    client.on(Events.ShardError, (error) => logger.warn('the gateway reports an error', { error }));
  }

  /**
   * Inspects the guild again on every relevant change, so pending announcements go out as soon as a person fixes a
   * problem.
   */
  #watchThreads(client: Client): void {
    const { guildId, threadIds } = this.#options;
    const lookIf = (isOurs: boolean): void => {
      if (isOurs && this.#state.kind === 'ready') void this.#look(client);
    };
    client.on(Events.ThreadCreate, (thread) => lookIf(threadIds.includes(thread.id)));
    client.on(Events.ThreadDelete, (thread) => lookIf(threadIds.includes(thread.id)));
    client.on(Events.ThreadUpdate, (_, thread) => lookIf(threadIds.includes(thread.id)));
    client.on(Events.ChannelUpdate, (_, channel) =>
      lookIf('guildId' in channel && channel.guildId === guildId),
    );
    client.on(Events.GuildRoleUpdate, (_, role) => lookIf(role.guild.id === guildId));
    client.on(Events.GuildCreate, (guild) => lookIf(guild.id === guildId));
    client.on(Events.GuildDelete, (guild) => lookIf(guild.id === guildId));
  }

  /** Tries until it is connected, stopped, or refused for good. */
  async #connect(token: string, stopped: Promise<void>): Promise<void> {
    const { rest, clock, logger } = this.#options;
    const { signal } = this.#stopping;
    let retryMs = firstRetryMs;
    while (!signal.aborted && this.#state.kind !== 'headless') {
      try {
        await awaitSession({
          rest,
          token,
          clock,
          signal,
          onWait: (why) => this.#become('connecting', why),
        });
        this.#client = this.#buildClient();
        // A login waits for a gateway that does not answer; a stop must not.
        return await Promise.race([this.#client.login(token).then(() => undefined), stopped]);
      } catch (error) {
        const why = wordFinalLogin(error);
        if (why !== undefined) return this.#become('headless', why);
        logger.warn('Discord cannot be reached yet', { error });
        this.#become('connecting', 'Discord cannot be reached');
        await pause(clock, retryMs, signal);
        retryMs = Math.min(retryMs * 2, longestRetryMs);
      }
    }
  }

  async #look(client: Client): Promise<void> {
    const { clock, guildId, threadIds } = this.#options;
    const look = ++this.#looks;
    const problem = await findProblem(client, guildId, threadIds);
    if (look !== this.#looks) return;
    this.#become('ready', problem);
    this.#options.onReady(client.application?.id);
    if (problem !== unseen) return;
    await pause(clock, lookAgainMs, this.#stopping.signal);
    const isNewest = look === this.#looks && client === this.#client;
    if (isNewest && !this.#stopping.signal.aborted) await this.#look(client);
  }
}

function wordFinalLogin(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  if (status === 401 || code === 'TokenInvalid') return finalCloses[4004];
  return code === 'DisallowedIntents' ? finalCloses[4014] : undefined;
}
