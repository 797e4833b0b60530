import { shapeBotUser, shapeUser } from './guild-shape.ts';
import type { JsonObject } from './json.ts';
import type { DiscordState, StoredFile, StoredMessage } from './state.ts';

/** Flag of an ephemeral message. */
export const EPHEMERAL = 64;
/** Flag of the "is thinking…" message of a deferred answer. */
export const LOADING = 128;

export function fileUrl(state: DiscordState, channelId: string, file: StoredFile): string {
  return `${state.publicUrl}/attachments/${channelId}/${file.id}/${encodeURIComponent(file.filename)}`;
}

/** Shapes a message as the API returns it. The nonce is only in the answer to the request that sent it. */
export function shapeMessage(
  state: DiscordState,
  message: StoredMessage,
  options: { readonly withNonce?: boolean } = {},
): JsonObject {
  return {
    ...shapeBasics(state, message),
    ...(options.withNonce && message.nonce !== undefined ? { nonce: message.nonce } : {}),
    ...shapeReference(state, message),
  };
}

function shapeBasics(state: DiscordState, message: StoredMessage): JsonObject {
  return {
    id: message.id,
    type: message.type,
    channel_id: message.channelId,
    author: shapeBotUser(state),
    content: message.content,
    embeds: message.embeds,
    components: message.components,
    attachments: message.attachments
      .filter(({ inEmbed }) => inEmbed !== true)
      .map((file) => shapeFile(state, message, file)),
    mentions: message.pings.users.map((id) => shapeUser({ id, name: `user ${id}` })),
    mention_roles: message.pings.roles,
    mention_everyone: message.pings.everyone,
    timestamp: new Date(message.createdAtMs).toISOString(),
    edited_timestamp: message.editedAtMs === undefined ? null : new Date(message.editedAtMs).toISOString(),
    flags: message.flags,
    pinned: false,
    tts: false,
    ...(message.interactionId === undefined
      ? {}
      : { application_id: state.applicationId, webhook_id: state.applicationId }),
  };
}

function shapeFile(state: DiscordState, message: StoredMessage, file: StoredFile): JsonObject {
  const url = fileUrl(state, message.channelId, file);
  return {
    id: file.id,
    filename: file.filename,
    size: file.bytes.length,
    url,
    proxy_url: url,
    content_type: file.contentType,
    ...(file.description === undefined ? {} : { description: file.description }),
    ...(message.visibleTo === undefined ? {} : { ephemeral: true }),
  };
}

function shapeReference(state: DiscordState, message: StoredMessage): JsonObject {
  if (message.reference === undefined) return {};
  const target = state.messages.find((other) => other.id === message.reference && !other.deleted);
  return {
    message_reference: {
      type: 0,
      channel_id: message.channelId,
      message_id: message.reference,
      guild_id: state.guildId,
    },
    referenced_message: target ? shapeBasics(state, target) : null,
  };
}
