import { EventEmitter } from 'node:events';
import type { DiscordUser } from './guild-shape.ts';
import type { JsonObject } from './json.ts';
import { createSnowflakes } from './snowflake.ts';

/** Permission bits that matter here. */
export const permission = {
  viewChannel: 1n << 10n,
  sendMessages: 1n << 11n,
  embedLinks: 1n << 14n,
  attachFiles: 1n << 15n,
  readMessageHistory: 1n << 16n,
  manageGuild: 1n << 5n,
  manageThreads: 1n << 34n,
  sendMessagesInThreads: 1n << 38n,
} as const;

/** Permissions that the bot's invite link asks for. */
export const INVITED_PERMISSIONS = 274_878_024_704n;

export interface StoredFile {
  readonly id: string;
  readonly filename: string;
  readonly description: string | undefined;
  readonly contentType: string;
  readonly bytes: Buffer;
  /** True when an embed shows the file, so that it is not listed below the message. */
  readonly inEmbed?: boolean;
}

/** Whom a message notifies, after `allowed_mentions`. */
export interface Pings {
  readonly everyone: boolean;
  readonly users: readonly string[];
  readonly roles: readonly string[];
}

export interface StoredMessage {
  readonly id: string;
  readonly channelId: string;
  /** 0 plain, 19 reply, 20 answer to a command. */
  readonly type: 0 | 19 | 20;
  content: string;
  /** Embeds as Discord answers them, not as they were sent. */
  embeds: readonly JsonObject[];
  components: readonly JsonObject[];
  attachments: readonly StoredFile[];
  pings: Pings;
  flags: number;
  readonly reference: string | undefined;
  readonly nonce: string | undefined;
  readonly createdAtMs: number;
  editedAtMs: number | undefined;
  deleted: boolean;
  /** Id of the only user who sees the message when it is ephemeral. */
  readonly visibleTo: string | undefined;
  readonly interactionId: string | undefined;
}

export interface StoredThread {
  readonly id: string;
  readonly name: string;
  archived: boolean;
  locked: boolean;
  deleted: boolean;
  archivedChangedAtMs: number;
}

export interface DiscordState {
  readonly now: () => number;
  readonly nextId: () => string;
  readonly applicationId: string;
  readonly botId: string;
  readonly guildId: string;
  readonly channelId: string;
  readonly ownerId: string;
  readonly operatorRoleId: string;
  readonly botRoleId: string;
  readonly threads: Map<string, StoredThread>;
  readonly messages: StoredMessage[];
  /** Everybody whose name is known, by id. */
  readonly users: Map<string, DiscordUser>;
  commands: readonly JsonObject[];
  botPermissions: bigint;
  botToken: string;
  /** `http://127.0.0.1:<port>`, set once the double listens. */
  publicUrl: string;
  tokenRevoked: boolean;
  intentsDisallowed: boolean;
  sessionStarts: { total: number; remaining: number; resetAfterMs: number };
  /** `role`: permissions changed; `commands`: other commands are registered. */
  readonly changes: EventEmitter<{
    message: [StoredMessage];
    thread: [StoredThread, 'THREAD_CREATE' | 'THREAD_UPDATE' | 'THREAD_DELETE'];
    role: [];
    commands: [];
    user: [DiscordUser];
  }>;
}

export function createState(options: {
  readonly now: () => number;
  readonly botToken: string;
}): DiscordState {
  // Ids that make the server a year older than its messages.
  const createOldId = createSnowflakes(() => options.now() - 365 * 86_400_000);
  const publishes = createThread(createOldId(), 'upm-publishes', options.now());
  const monitoring = createThread(createOldId(), 'upm-monitoring', options.now());
  const applicationId = createOldId();
  return {
    now: options.now,
    nextId: createSnowflakes(options.now),
    applicationId,
    botId: applicationId,
    guildId: createOldId(),
    channelId: createOldId(),
    ownerId: createOldId(),
    operatorRoleId: createOldId(),
    botRoleId: createOldId(),
    threads: new Map([publishes, monitoring].map((thread) => [thread.id, thread])),
    messages: [],
    users: new Map(),
    commands: [],
    botPermissions: INVITED_PERMISSIONS,
    botToken: options.botToken,
    publicUrl: '',
    tokenRevoked: false,
    intentsDisallowed: false,
    sessionStarts: { total: 1000, remaining: 1000, resetAfterMs: 86_400_000 },
    changes: new EventEmitter(),
  };
}

function createThread(id: string, name: string, nowMs: number): StoredThread {
  return { id, name, archived: false, locked: false, deleted: false, archivedChangedAtMs: nowMs };
}

export function addUser(state: DiscordState, user: DiscordUser): DiscordUser {
  state.users.set(user.id, user);
  state.changes.emit('user', user);
  return user;
}

export function can(state: DiscordState, bit: bigint): boolean {
  return (state.botPermissions & bit) !== 0n;
}

/** Returns messages that everybody sees and that are not deleted, oldest first. */
export function channelMessages(state: DiscordState, channelId: string): StoredMessage[] {
  return state.messages.filter(
    (message) => message.channelId === channelId && !message.deleted && message.visibleTo === undefined,
  );
}

export function findMessage(state: DiscordState, channelId: string, id: string): StoredMessage | undefined {
  return channelMessages(state, channelId).find((message) => message.id === id);
}

export function addMessage(
  state: DiscordState,
  message: Omit<StoredMessage, 'id' | 'createdAtMs' | 'editedAtMs' | 'deleted'>,
): StoredMessage {
  const stored: StoredMessage = {
    ...message,
    id: state.nextId(),
    createdAtMs: state.now(),
    editedAtMs: undefined,
    deleted: false,
  };
  state.messages.push(stored);
  state.changes.emit('message', stored);
  return stored;
}

export function setThreadState(
  state: DiscordState,
  id: string,
  change: { readonly archived?: boolean; readonly locked?: boolean; readonly deleted?: boolean },
): void {
  const thread = state.threads.get(id);
  if (!thread) throw new Error(`No thread ${id}`);
  if (change.archived !== undefined && change.archived !== thread.archived) {
    thread.archivedChangedAtMs = state.now();
  }
  const event = change.deleted ? 'THREAD_DELETE' : thread.deleted ? 'THREAD_CREATE' : 'THREAD_UPDATE';
  Object.assign(thread, change);
  state.changes.emit('thread', thread, event);
}
