import {
  missingAccess,
  missingPermissions,
  noReplyWithoutHistory,
  threadArchived,
  threadLocked,
  unknownChannel,
  unknownMessage,
} from '../api-error.ts';
import { isObject } from '../json.ts';
import {
  can,
  type DiscordState,
  findMessage,
  permission,
  type StoredMessage,
  type StoredThread,
} from '../state.ts';
import { bodyOf, type RestRequest } from './exchange.ts';

/** Returns the thread when the bot may see it. Throws 10003 or 50001. */
export function readableThread(state: DiscordState, id: string): StoredThread | undefined {
  const thread = state.threads.get(id);
  if (id !== state.channelId && (!thread || thread.deleted)) throw unknownChannel();
  if (!can(state, permission.viewChannel)) throw missingAccess();
  return thread;
}

/** Returns the message when the bot may change it. Throws 10003, 10008, 50001, 50083 or 160005. */
export function openForWriting(state: DiscordState, channel: string, id: string): StoredMessage {
  const thread = readableThread(state, channel);
  const message = findMessage(state, channel, id);
  if (!message) throw unknownMessage();
  if (thread?.archived) throw threadArchived();
  refuseLocked(state, thread);
  return message;
}

/** Throws 50013, 160002 or 160005 when the bot may not send this here. */
export function checkSendPermissions(
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
  refuseLocked(state, thread);
}

function refuseLocked(state: DiscordState, thread: StoredThread | undefined): void {
  if (thread?.locked && !can(state, permission.manageThreads)) throw threadLocked();
}
