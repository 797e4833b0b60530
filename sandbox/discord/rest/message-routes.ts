import {
  ApiError,
  missingAccess,
  missingPermissions,
  noReplyWithoutHistory,
  threadArchived,
  threadLocked,
  tooLarge,
  unknownChannel,
  unknownMessage,
} from '../api-error.ts';
import { isObject, type JsonObject, textOf } from '../json.ts';
import { areFilesTooLarge, checkMessageLimits } from '../limits.ts';
import { shapeMessage } from '../message-shape.ts';
import {
  checkDeclaredFiles,
  keptFiles,
  pingsOf,
  refuseEmpty,
  refuseProblems,
  storeComponents,
  storeEmbeds,
  storeFiles,
} from '../message-write.ts';
import { spec } from '../schema-check.ts';
import {
  addMessage,
  can,
  channelMessages,
  type DiscordState,
  findMessage,
  permission,
  type StoredMessage,
  type StoredThread,
  setThreadState,
} from '../state.ts';
import type { ViolationList } from '../violations.ts';
import { bodyOf, type RestRequest } from './exchange.ts';
import type { Route } from './route.ts';

/** Discord says "the past few minutes". */
const NONCE_WINDOW_MS = 5 * 60_000;

export const messageRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/channels/:channel/messages',
    request: spec.MessageCreateRequestSchema,
    answer: spec.MessageResponseSchema,
    handle({ state, violations }, request, { channel = '' }) {
      const message = createMessage(state, violations, request, channel);
      return { status: 200, body: shapeMessage(state, message, { withNonce: true }) };
    },
  },
  {
    method: 'PATCH',
    path: '/channels/:channel/messages/:message',
    request: spec.MessageEditRequestPartialSchema,
    answer: spec.MessageResponseSchema,
    handle({ state, violations }, request, { channel = '', message: id = '' }) {
      const message = openForWriting(state, channel, id);
      editMessage(state, violations, request, message);
      return { status: 200, body: shapeMessage(state, message) };
    },
  },
  {
    method: 'DELETE',
    path: '/channels/:channel/messages/:message',
    handle({ state }, _request, { channel = '', message: id = '' }) {
      const message = openForWriting(state, channel, id);
      message.deleted = true;
      state.changes.emit('message', message);
      return { status: 204 };
    },
  },
  {
    method: 'GET',
    path: '/channels/:channel/messages/:message',
    answer: spec.MessageResponseSchema,
    handle({ state }, _request, { channel = '', message: id = '' }) {
      readableThread(state, channel);
      const message = can(state, permission.readMessageHistory) ? findMessage(state, channel, id) : undefined;
      if (!message) throw unknownMessage();
      return { status: 200, body: shapeMessage(state, message) };
    },
  },
  {
    method: 'GET',
    path: '/channels/:channel/messages',
    answerItems: spec.MessageResponseSchema,
    handle({ state }, request, { channel = '' }) {
      readableThread(state, channel);
      const shown = can(state, permission.readMessageHistory)
        ? listMessages(state, channel, request.query)
        : [];
      return { status: 200, body: shown.map((message) => shapeMessage(state, message)) };
    },
  },
];

/** The thread, when the bot may see it. Throws 10003 or 50001. */
export function readableThread(state: DiscordState, id: string): StoredThread | undefined {
  const thread = state.threads.get(id);
  if (id !== state.channelId && (!thread || thread.deleted)) throw unknownChannel();
  if (!can(state, permission.viewChannel)) throw missingAccess();
  return thread;
}

function openForWriting(state: DiscordState, channel: string, id: string): StoredMessage {
  const thread = readableThread(state, channel);
  const message = findMessage(state, channel, id);
  if (!message) throw unknownMessage();
  if (thread?.archived) throw threadArchived();
  if (thread?.locked && !can(state, permission.manageThreads)) throw threadLocked();
  return message;
}

function createMessage(
  state: DiscordState,
  violations: ViolationList,
  request: RestRequest,
  channel: string,
): StoredMessage {
  const thread = readableThread(state, channel);
  const body = bodyOf(request);
  checkSendPermissions(state, thread, request);
  if (thread?.locked && !can(state, permission.manageThreads)) throw threadLocked();
  refuseBody(violations, request);
  const parts = {
    content: textOf(body['content']).trim(),
    embeds: storeEmbeds(body['embeds']),
    components: storeComponents(body['components']),
    attachments: storeFiles(body['attachments'], request.files, state.nextId),
  };
  const empty = refuseEmpty(parts);
  if (empty) throw empty;
  const reference = findReference(state, channel, body);
  const nonce = body['nonce'] === undefined || body['nonce'] === null ? undefined : String(body['nonce']);
  const same = body['enforce_nonce'] === true ? findSameNonce(state, channel, nonce) : undefined;
  if (same) return same;
  if (thread?.archived) setThreadState(state, thread.id, { archived: false });
  return addMessage(state, {
    ...parts,
    channelId: channel,
    type: reference === undefined ? 0 : 19,
    pings: pingsOf(parts.content, body['allowed_mentions']),
    flags: Number(body['flags'] ?? 0),
    reference,
    nonce,
    visibleTo: undefined,
    interactionId: undefined,
  });
}

function checkSendPermissions(
  state: DiscordState,
  thread: StoredThread | undefined,
  request: RestRequest,
): void {
  const body = bodyOf(request);
  const needed = [thread ? permission.sendMessagesInThreads : permission.sendMessages];
  if (Array.isArray(body['embeds']) && body['embeds'].length > 0) needed.push(permission.embedLinks);
  if (request.files.length > 0) needed.push(permission.attachFiles);
  if (needed.some((bit) => !can(state, bit))) throw missingPermissions();
  if (isObject(body['message_reference']) && !can(state, permission.readMessageHistory)) {
    throw noReplyWithoutHistory();
  }
}

/** Limits besides the schema; what breaks them is answered and remembered. */
export function refuseBody(
  violations: ViolationList,
  request: RestRequest,
  options: {
    readonly body?: JsonObject;
    readonly above?: readonly string[];
    readonly before?: StoredMessage;
  } = {},
): void {
  const body = options.body ?? bodyOf(request);
  const where = `${request.method} ${request.path}`;
  if (areFilesTooLarge(request.files.map((file) => file.bytes.length))) {
    violations.add('request', where, ['files: more than 10 MiB each or 25 MiB together']);
    throw tooLarge();
  }
  const refused = refuseProblems([
    ...checkMessageLimits(body, options.above),
    ...checkDeclaredFiles(body, request.files, options.before?.attachments),
  ]);
  if (!refused) return;
  violations.add('request', where, [JSON.stringify(refused.errors)]);
  throw refused;
}

function findReference(state: DiscordState, channel: string, body: JsonObject): string | undefined {
  const reference = body['message_reference'];
  if (!isObject(reference)) return undefined;
  const id = textOf(reference['message_id']);
  const elsewhere = typeof reference['channel_id'] === 'string' && reference['channel_id'] !== channel;
  if (!elsewhere && findMessage(state, channel, id)) return id;
  if (reference['fail_if_not_exists'] === false) return undefined;
  throw new ApiError(400, 50035, 'Invalid Form Body', {
    message_reference: { _errors: [{ code: 'REPLIES_UNKNOWN_MESSAGE', message: 'Unknown message' }] },
  });
}

function findSameNonce(
  state: DiscordState,
  channel: string,
  nonce: string | undefined,
): StoredMessage | undefined {
  if (nonce === undefined) return undefined;
  const since = state.now() - NONCE_WINDOW_MS;
  return channelMessages(state, channel).find(
    (message) => message.nonce === nonce && message.createdAtMs >= since,
  );
}

/** Changes what the body names and leaves the rest. Throws the ApiError of what is wrong with it. */
export function editMessage(
  state: DiscordState,
  violations: ViolationList,
  request: RestRequest,
  message: StoredMessage,
  options: { readonly body?: JsonObject; readonly above?: readonly string[]; readonly silent?: boolean } = {},
): void {
  const body = options.body ?? bodyOf(request);
  refuseBody(violations, request, { ...options, before: message });
  const next = {
    content: body['content'] === undefined ? message.content : textOf(body['content']).trim(),
    embeds: body['embeds'] === undefined ? message.embeds : storeEmbeds(body['embeds']),
    components: body['components'] === undefined ? message.components : storeComponents(body['components']),
    attachments: [
      ...keptFiles(body, message.attachments),
      ...storeFiles(body['attachments'], request.files, state.nextId),
    ],
  };
  const empty = refuseEmpty(next);
  if (empty) throw empty;
  Object.assign(message, next);
  // An edit names people, but it does not notify them.
  message.pings = pingsOf(next.content, body['allowed_mentions']);
  if (!options.silent) message.editedAtMs = state.now();
  state.changes.emit('message', message);
}

function listMessages(state: DiscordState, channel: string, query: URLSearchParams): StoredMessage[] {
  const limit = Math.min(100, Math.max(1, Number(query.get('limit') ?? 50)));
  const newestFirst = channelMessages(state, channel).reverse();
  const [before, after, around] = ['before', 'after', 'around'].map((name) => query.get(name));
  if (around) return aroundMessage(newestFirst, BigInt(around), limit);
  if (after) return newestFirst.filter((message) => BigInt(message.id) > BigInt(after)).slice(-limit);
  return newestFirst.filter((message) => !before || BigInt(message.id) < BigInt(before)).slice(0, limit);
}

function aroundMessage(newestFirst: readonly StoredMessage[], id: bigint, limit: number): StoredMessage[] {
  const index = newestFirst.findIndex((message) => BigInt(message.id) <= id);
  const start = Math.max(0, (index < 0 ? newestFirst.length : index) - Math.floor(limit / 2));
  return newestFirst.slice(start, start + limit);
}
