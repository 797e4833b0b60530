import { unknownMessage } from '../api-error.ts';
import { shapeMessage } from '../message-shape.ts';
import { spec } from '../schema-check.ts';
import {
  can,
  channelMessages,
  type DiscordState,
  findMessage,
  permission,
  type StoredMessage,
} from '../state.ts';
import { openForWriting, readableThread } from './message-access.ts';
import { createMessage, editMessage } from './message-changes.ts';
import type { Route } from './route.ts';

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
