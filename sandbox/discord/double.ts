import type { Drop } from './gateway.ts';
import type { DiscordUser } from './guild-shape.ts';
import type { TypedCommand } from './inject.ts';
import type { Outcome } from './interactions.ts';
import type { ModalAnswers, ModalView } from './modal.ts';
import type { ChooseFault, SeenRequest } from './rest/faults.ts';
import type { MessageView } from './view.ts';
import type { Violation } from './violations.ts';

export interface DiscordOptions {
  /** Port to listen on; a free one when left out. */
  readonly port?: number;
  readonly botToken?: string;
  /** Heartbeat interval that hello announces; 41,250 as Discord's when left out. */
  readonly heartbeatIntervalMs?: number;
  /** How long `press` and `command` wait for the answer to a deferred interaction; 30,000 when left out. */
  readonly answerWithinMs?: number;
}

export interface UserOptions {
  readonly id?: string;
  readonly name: string;
  readonly roles?: readonly string[];
  readonly permissions?: 'manage-guild' | 'none';
}

export interface PressOptions {
  /** Server where the press happens; the bot's when left out. */
  readonly guildId?: string;
  /** Selected options; when given, the component is a select menu. */
  readonly values?: readonly string[];
}

/** A person who types a command, and where they type it. */
export interface Typist {
  readonly user: DiscordUser;
  /** Server where the command is typed; the bot's when left out. */
  readonly guildId?: string;
  /** Channel where the command is typed; `threadId` when left out. */
  readonly channelId?: string;
}

/** A double of Discord: one server, one text channel, two threads, one bot. */
export interface DiscordDouble {
  /** Base URL for clients, which add `/v10/…`. */
  readonly apiUrl: string;
  /** Address of a page that shows the threads in a browser and lets people act there. */
  readonly pageUrl: string;
  readonly botToken: string;
  readonly applicationId: string;
  readonly guildId: string;
  /** The text channel that contains the threads. */
  readonly channelId: string;
  readonly threadId: string;
  readonly monitoringThreadId: string;
  readonly operatorRoleId: string;

  /** Returns the messages of a channel, oldest first, deleted ones included; of `threadId` when left out. */
  messages(channelId?: string): readonly MessageView[];
  /** Calls the listener after every message, edit and deletion; call the returned function to stop. */
  onMessage(listener: (message: MessageView) => void): () => void;
  /**
   * Resolves with the first message, now or later, that fits; edits count. Waits for ever, so the test's own timeout
   * must bound it.
   */
  waitForMessage(fits: (message: MessageView) => boolean, channelId?: string): Promise<MessageView>;

  user(options: UserOptions): DiscordUser;
  /** Presses a button, with any custom id. Throws when the message never existed. */
  press(messageId: string, customId: string, user: DiscordUser, options?: PressOptions): Promise<Outcome>;
  command(typed: TypedCommand & Typist): Promise<Outcome>;
  autocomplete(typed: TypedCommand & Typist & { readonly focused: string }): Promise<Outcome>;
  /** Fills in a modal that `press` or `command` ended with. Throws when it has no such fields. */
  submitModal(modal: ModalView, answers: ModalAnswers, user: DiscordUser): Promise<Outcome>;

  setFault(choose: ChooseFault | undefined): void;
  /**
   * Answers 429 to every request whose path begins with `path` until the time is over; asking earlier is a violation.
   */
  rateLimit(path: string, retryAfterSeconds: number, options?: { readonly global?: boolean }): void;
  /** Limits writes to five in five seconds per route and channel, as the headers announce. Off by default. */
  enforceRateLimits(on: boolean): void;
  /** Closes every connection and refuses new ones. */
  goDown(): Promise<void>;
  /** Listens again on the same port; sessions can be resumed. */
  comeBack(): Promise<void>;
  dropGateway(options: { readonly resumable: boolean; readonly how?: Drop }): void;
  /** While on, new connections receive hello and nothing else, for as long as they last. */
  silenceGateway(on: boolean): void;
  /** Returns how many connections received nothing but hello. */
  silencedConnections(): number;
  /** Answers 401 to every request and closes every gateway connection with 4004. */
  revokeToken(): void;
  /** Closes every gateway connection with 4014. */
  disallowIntents(): void;
  /** Makes this token valid again and allows the intents again. */
  restoreToken(token: string): void;
  setSessionStarts(limits: { readonly remaining: number; readonly resetAfterMs?: number }): void;
  setThreadState(
    id: string,
    change: { readonly archived?: boolean; readonly locked?: boolean; readonly deleted?: boolean },
  ): void;
  archiveThread(id: string): void;
  lockThread(id: string): void;
  deleteThread(id: string): void;
  /** Sets the permission bits of the bot's role; the invite link asks for 274878024704. */
  setBotPermissions(bits: bigint): void;
  /** Deletes a message on behalf of somebody else. */
  deleteMessage(id: string): void;
  /** Moves this double's time forward: 15-minute tokens, 3 s deadlines, nonces, rate limits. */
  advanceTime(ms: number): void;

  requests(): readonly SeenRequest[];
  clearRequests(): void;
  /** Returns how often a client has identified since the start. */
  identifies(): number;
  /** Returns the number of gateway connections with a session. */
  connections(): number;
  /** Returns the commands that the bot registered. */
  commands(): readonly unknown[];
  /** Returns everything that broke the published schema, the limits or the rules, in either direction. */
  violations(): readonly Violation[];
  clearViolations(): void;
  stop(): Promise<void>;
}
