import { ApiError, invalidFormBody, tooLarge } from '../api-error.ts';
import { isObject, type JsonObject, textOf } from '../json.ts';
import { areFilesTooLarge, checkMessageLimits } from '../limits.ts';
import { fileUrl } from '../message-shape.ts';
import {
  checkDeclaredFiles,
  keptFiles,
  pingsOf,
  refuseEmpty,
  storeComponents,
  storeEmbeds,
  storeFiles,
} from '../message-write.ts';
import { checkPictures, placePictures } from '../pictures.ts';
import {
  addMessage,
  channelMessages,
  type DiscordState,
  findMessage,
  type StoredMessage,
  setThreadState,
} from '../state.ts';
import type { ViolationList } from '../violations.ts';
import { bodyOf, type RestRequest } from './exchange.ts';
import { checkSendPermissions, readableThread } from './message-access.ts';

/** How long a nonce counts; Discord documents "the past few minutes". */
const NONCE_WINDOW_MS = 5 * 60_000;

/** Stores a message, or returns the one that was stored with the same enforced nonce. */
export function createMessage(
  state: DiscordState,
  violations: ViolationList,
  request: RestRequest,
  channel: string,
): StoredMessage {
  const thread = readableThread(state, channel);
  const body = bodyOf(request);
  checkSendPermissions(state, thread, request);
  refuseBody(violations, request);
  const content = textOf(body['content']).trim();
  const placed = placePictures(
    storeEmbeds(body['embeds']),
    storeFiles(body['attachments'], request.files, state.nextId),
    (file) => fileUrl(state, channel, file),
  );
  const parts = {
    content,
    embeds: placed.embeds,
    components: storeComponents(body['components']),
    attachments: placed.files,
    pings: pingsOf(content, body['allowed_mentions']),
    flags: Number(body['flags'] ?? 0),
    nonce: nonceOf(body),
  };
  refuseEmpty(parts);
  const reference = findReference(state, channel, body);
  const same = body['enforce_nonce'] === true ? findSameNonce(state, channel, parts.nonce) : undefined;
  if (same) return same;
  if (thread?.archived) setThreadState(state, thread.id, { archived: false });
  return addMessage(state, {
    ...parts,
    channelId: channel,
    type: reference === undefined ? 0 : 19,
    reference,
    visibleTo: undefined,
    interactionId: undefined,
  });
}

function nonceOf(body: JsonObject): string | undefined {
  const { nonce } = body;
  return typeof nonce === 'string' || typeof nonce === 'number' ? String(nonce) : undefined;
}

/** Throws for a body that breaks a limit beyond the schema, and records a violation. */
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
  const problems = [
    ...checkMessageLimits(body, options.above),
    ...checkDeclaredFiles(body, request.files, options.before?.attachments),
    ...checkPictures(body, request.files, options.before?.attachments),
  ];
  if (problems.length === 0) return;
  const refused = invalidFormBody(problems);
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

/** Changes the members that the body names and keeps the rest. Throws an ApiError that names what is wrong. */
export function editMessage(
  state: DiscordState,
  violations: ViolationList,
  request: RestRequest,
  message: StoredMessage,
  options: { readonly body?: JsonObject; readonly above?: readonly string[]; readonly silent?: boolean } = {},
): void {
  const body = options.body ?? bodyOf(request);
  refuseBody(violations, request, { ...options, before: message });
  const placed = placePictures(
    body['embeds'] === undefined ? message.embeds : storeEmbeds(body['embeds']),
    [
      ...keptFiles(body, message.attachments),
      ...storeFiles(body['attachments'], request.files, state.nextId),
    ],
    (file) => fileUrl(state, message.channelId, file),
  );
  const next = {
    content: body['content'] === undefined ? message.content : textOf(body['content']).trim(),
    embeds: placed.embeds,
    components: body['components'] === undefined ? message.components : storeComponents(body['components']),
    attachments: placed.files,
  };
  refuseEmpty(next);
  Object.assign(message, next);
  // Records whom an edit names; it notifies nobody.
  message.pings = pingsOf(next.content, body['allowed_mentions']);
  if (!options.silent) message.editedAtMs = state.now();
  state.changes.emit('message', message);
}
