import type { Drop } from './gateway.ts';
import type { DiscordUser } from './guild-shape.ts';
import type { TypedCommand } from './inject.ts';
import type { Outcome } from './interactions.ts';
import type { ModalAnswers, ModalView } from './modal.ts';
import type { ChooseFault, SeenRequest } from './rest/faults.ts';
import type { MessageView } from './view.ts';
import type { Violation } from './violations.ts';

export interface DiscordOptions {
  /** A free one when left out. */
  readonly port?: number;
  readonly botToken?: string;
  /** As Discord says it: 41,250. */
  readonly heartbeatIntervalMs?: number;
  /** How long `press` and `command` wait for the answer to a deferred interaction; 30,000. */
  readonly answerWithinMs?: number;
}

export interface UserOptions {
  readonly id?: string;
  readonly name: string;
  readonly roles?: readonly string[];
  readonly permissions?: 'manage-guild' | 'none';
}

export interface PressOptions {
  /** Another server than the bot's. */
  readonly guildId?: string;
  /** What was selected: the component is a select menu then. */
  readonly values?: readonly string[];
}

/** Who types a command, and where. */
export interface Typist {
  readonly user: DiscordUser;
  /** Another server than the bot's. */
  readonly guildId?: string;
  /** `threadId` when left out. */
  readonly channelId?: string;
}

/** A Discord of its own: one server, one text channel, two threads, one bot. */
export interface DiscordDouble {
  /** Clients add `/v10/…`. */
  readonly apiUrl: string;
  /** The threads in a browser, to look at and to act in. */
  readonly pageUrl: string;
  readonly botToken: string;
  readonly applicationId: string;
  readonly guildId: string;
  /** The text channel above the threads. */
  readonly channelId: string;
  readonly threadId: string;
  readonly monitoringThreadId: string;
  readonly operatorRoleId: string;

  /** What is in the channel now, oldest first, deleted ones included; `threadId` when left out. */
  messages(channelId?: string): readonly MessageView[];
  /** Called after every message, edit and deletion; the function returned ends it. */
  onMessage(listener: (message: MessageView) => void): () => void;
  /** The first message, now or later, that fits; edits count. It waits for ever: bound it by the test's time. */
  waitForMessage(fits: (message: MessageView) => boolean, channelId?: string): Promise<MessageView>;

  user(options: UserOptions): DiscordUser;
  /** Throws when the message was never there; the custom id may be anything. */
  press(messageId: string, customId: string, user: DiscordUser, options?: PressOptions): Promise<Outcome>;
  command(typed: TypedCommand & Typist): Promise<Outcome>;
  autocomplete(typed: TypedCommand & Typist & { readonly focused: string }): Promise<Outcome>;
  /** Fills in a dialog that `press` or `command` ended with. Throws when it has no such fields. */
  submitModal(modal: ModalView, answers: ModalAnswers, user: DiscordUser): Promise<Outcome>;

  setFault(choose: ChooseFault | undefined): void;
  /** 429 for every request whose path begins with `path`, until the time is over; asking earlier is a violation. */
  rateLimit(path: string, retryAfterSeconds: number, options?: { readonly global?: boolean }): void;
  /** Five writes in five seconds per route and channel, as the headers say. Off until asked for. */
  enforceRateLimits(on: boolean): void;
  /** Every connection is torn down and new ones are refused. */
  goDown(): Promise<void>;
  /** At the same port; sessions can be resumed. */
  comeBack(): Promise<void>;
  dropGateway(options: { readonly resumable: boolean; readonly how?: Drop }): void;
  /** Whoever connects while it is on hears hello and then nothing, for as long as that connection lasts. */
  silenceGateway(on: boolean): void;
  /** How many connections that were. */
  silencedConnections(): number;
  /** 401 for every request, 4004 for every gateway connection. */
  revokeToken(): void;
  /** 4014 for every gateway connection. */
  disallowIntents(): void;
  /** This token is good again, and so are the intents. */
  restoreToken(token: string): void;
  setSessionStarts(limits: { readonly remaining: number; readonly resetAfterMs?: number }): void;
  setThreadState(
    id: string,
    change: { readonly archived?: boolean; readonly locked?: boolean; readonly deleted?: boolean },
  ): void;
  archiveThread(id: string): void;
  lockThread(id: string): void;
  deleteThread(id: string): void;
  /** The bits of the bot's role; 274878024704 is what the invite asks for. */
  setBotPermissions(bits: bigint): void;
  /** Somebody else removes a message. */
  deleteMessage(id: string): void;
  /** Moves this Discord's time: 15-minute tokens, 3 s deadlines, nonces, rate limits. */
  advanceTime(ms: number): void;

  requests(): readonly SeenRequest[];
  clearRequests(): void;
  /** How often a client has identified since the start. */
  identifies(): number;
  /** Gateway connections with a session. */
  connections(): number;
  /** The commands that are registered. */
  commands(): readonly unknown[];
  /** Everything that broke the published schema, the limits or the rules, in either direction. */
  violations(): readonly Violation[];
  clearViolations(): void;
  stop(): Promise<void>;
}
