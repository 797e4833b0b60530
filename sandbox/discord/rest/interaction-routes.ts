import {
  alreadyAcknowledged,
  invalidFormBody,
  invalidToken,
  missingAccess,
  unknownInteraction,
  unknownMessage,
  unknownWebhook,
} from '../api-error.ts';
import { interactionTypes } from '../inject.ts';
import type { Choice, InteractionDesk, InteractionRecord } from '../interactions.ts';
import { isObject, type JsonObject, objectsOf } from '../json.ts';
import { EPHEMERAL, LOADING, shapeMessage } from '../message-shape.ts';
import { checkModalLimits, viewModal } from '../modal.ts';
import { type Schema, spec } from '../schema-check.ts';
import { addMessage, type DiscordState, type StoredMessage } from '../state.ts';
import type { RestAnswer, RestRequest } from './exchange.ts';
import { bodyOf } from './exchange.ts';
import { editMessage, refuseBody } from './message-changes.ts';
import type { Route, RouteContext } from './route.ts';

export const interactionRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/interactions/:id/:token/callback',
    open: true,
    request: callbackSchema,
    handle(context, request, { id = '', token = '' }) {
      const record = context.desk.findFresh(id, token);
      if (!record) throw unknownInteraction();
      if (record.type !== 'none') throw alreadyAcknowledged();
      answerCallback(context, request, record);
      if (request.query.get('with_response') !== 'true') return { status: 204 };
      return { status: 200, body: shapeCallback(context.state, record, Number(bodyOf(request)['type'])) };
    },
  },
  {
    method: 'POST',
    path: '/webhooks/:application/:token',
    open: true,
    request: spec.IncomingWebhookRequestPartialSchema,
    answer: spec.MessageResponseSchema,
    handle(context, request, { token = '' }) {
      const record = openRecord(context.desk, token);
      const message = record.loading
        ? fillLoading(context, request, record)
        : addFollowUp(context, request, record);
      context.desk.finish(record);
      return { status: 200, body: shapeMessage(context.state, message) };
    },
  },
  {
    method: 'GET',
    path: '/webhooks/:application/:token/messages/:message',
    open: true,
    answer: spec.MessageResponseSchema,
    handle({ state, desk }, _request, { token = '', message = '' }) {
      return { status: 200, body: shapeMessage(state, ownMessage(openRecord(desk, token), message)) };
    },
  },
  {
    method: 'PATCH',
    path: '/webhooks/:application/:token/messages/:message',
    open: true,
    request: spec.IncomingWebhookUpdateRequestPartialSchema,
    answer: spec.MessageResponseSchema,
    handle(context, request, { token = '', message = '' }) {
      const record = openRecord(context.desk, token);
      const target = ownMessage(record, message);
      if (record.loading && target === record.original) fillLoading(context, request, record);
      else editMessage(context.state, context.violations, request, target);
      context.desk.finish(record);
      return { status: 200, body: shapeMessage(context.state, target) };
    },
  },
  {
    method: 'DELETE',
    path: '/webhooks/:application/:token/messages/:message',
    open: true,
    handle({ state, desk }, _request, { token = '', message = '' }): RestAnswer {
      const record = openRecord(desk, token);
      const target = ownMessage(record, message);
      target.deleted = true;
      state.changes.emit('message', target);
      desk.finish(record);
      return { status: 204 };
    },
  },
];

function callbackSchema(body: unknown): Schema {
  const type = isObject(body) ? body['type'] : undefined;
  if (type === 8) return spec.ApplicationCommandAutocompleteCallbackRequestSchema;
  if (type === 6 || type === 7) return spec.UpdateMessageInteractionCallbackRequestSchema;
  if (type === 9) return spec.ModalInteractionCallbackRequestSchema;
  return spec.CreateMessageInteractionCallbackRequestSchema;
}

function openRecord(desk: InteractionDesk, token: string): InteractionRecord {
  const record = desk.findOpen(token);
  if (record === undefined) throw unknownWebhook();
  if (record === 'expired') throw invalidToken();
  return record;
}

function ownMessage(record: InteractionRecord, id: string): StoredMessage {
  const own = [record.original, record.source, ...record.followUps];
  const found = id === '@original' ? record.original : own.find((message) => message?.id === id);
  if (!found || found.deleted) throw unknownMessage();
  return found;
}

/** Handles an interaction callback. A deferral (5, 6) is not the final answer; everything else is. */
function answerCallback(context: RouteContext, request: RestRequest, record: InteractionRecord): void {
  const { desk, state } = context;
  const body = bodyOf(request);
  const data = isObject(body['data']) ? body['data'] : {};
  switch (body['type']) {
    case 4:
      record.original = createAnswer(context, request, record, { data, above: ['data'] });
      desk.acknowledge(record, 'reply');
      break;
    case 5:
      record.original = storeAnswer(state, record, Number(data['flags'] ?? 0) | LOADING);
      record.loading = true;
      desk.acknowledge(record, 'deferred');
      return;
    case 8:
      record.choices = objectsOf(data['choices']) as unknown as readonly Choice[];
      desk.acknowledge(record, 'choices');
      break;
    case 9:
      showModal(context, request, record, data);
      break;
    default:
      updateSource(context, request, record, data);
      desk.acknowledge(record, 'update');
      if (body['type'] === 6) return;
  }
  desk.finish(record);
}

/** Answers a press or a command with a modal; Discord refuses a modal in answer to a modal. */
function showModal(
  { desk, violations }: RouteContext,
  request: RestRequest,
  record: InteractionRecord,
  data: JsonObject,
): void {
  const isAllowed = record.kind === 'press' || record.kind === 'command';
  const problems = isAllowed
    ? checkModalLimits(data)
    : [{ path: ['type'], code: 'INTERACTION_APPLICATION_MODAL_NOT_ALLOWED', message: 'No modal here' }];
  if (problems.length > 0) {
    const refused = invalidFormBody(problems);
    violations.add('request', `${request.method} ${request.path}`, [JSON.stringify(refused.errors)]);
    throw refused;
  }
  record.modal = viewModal(record.id, data);
  desk.acknowledge(record, 'modal');
}

/** Handles callback types 6 and 7, whose answer is the message whose button was pressed. */
function updateSource(
  context: RouteContext,
  request: RestRequest,
  record: InteractionRecord,
  data: JsonObject,
): void {
  if (!record.source) throw missingAccess();
  record.original = record.source;
  if (bodyOf(request)['type'] === 6) return;
  editMessage(context.state, context.violations, request, record.source, { body: data, above: ['data'] });
}

function createAnswer(
  { state, violations }: RouteContext,
  request: RestRequest,
  record: InteractionRecord,
  from: { readonly data: JsonObject; readonly above: readonly string[] },
): StoredMessage {
  refuseBody(violations, request, { body: from.data, above: from.above });
  const flags = Number(from.data['flags'] ?? 0);
  const message = storeAnswer(state, record, flags);
  try {
    editMessage(state, violations, request, message, { body: from.data, above: from.above, silent: true });
  } catch (error) {
    state.messages.splice(state.messages.indexOf(message), 1);
    throw error;
  }
  return message;
}

function storeAnswer(state: DiscordState, record: InteractionRecord, flags: number): StoredMessage {
  return addMessage(state, {
    channelId: record.channelId,
    type: record.kind === 'command' ? 20 : 19,
    content: '',
    embeds: [],
    components: [],
    attachments: [],
    pings: { everyone: false, users: [], roles: [] },
    flags,
    reference: record.source?.id,
    nonce: undefined,
    visibleTo: (flags & EPHEMERAL) === 0 ? undefined : record.user.id,
    interactionId: record.id,
  });
}

/** Replaces a deferral by the first answer, which stays as ephemeral as the deferral was. */
function fillLoading(context: RouteContext, request: RestRequest, record: InteractionRecord): StoredMessage {
  const { original } = record;
  if (!original || original.deleted) throw unknownMessage();
  editMessage(context.state, context.violations, request, original, { silent: true });
  record.loading = false;
  original.flags &= ~LOADING;
  context.state.changes.emit('message', original);
  return original;
}

function addFollowUp(context: RouteContext, request: RestRequest, record: InteractionRecord): StoredMessage {
  const message = createAnswer(context, request, record, { data: bodyOf(request), above: [] });
  record.followUps.push(message);
  return message;
}

function shapeCallback(state: DiscordState, record: InteractionRecord, type: number): JsonObject {
  const message = record.original;
  return {
    interaction: {
      id: record.id,
      type: interactionTypes[record.kind],
      channel_id: record.channelId,
      guild_id: record.guildId,
      ...(message
        ? {
            response_message_id: message.id,
            response_message_loading: record.loading,
            response_message_ephemeral: message.visibleTo !== undefined,
          }
        : {}),
    },
    ...(message ? { resource: { type, message: shapeMessage(state, message) } } : {}),
  };
}
