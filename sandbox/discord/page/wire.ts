import { shapeRoles } from '../guild-shape.ts';
import type { InteractionDesk } from '../interactions.ts';
import { textOf } from '../json.ts';
import { fileUrl, LOADING } from '../message-shape.ts';
import type { DiscordState, StoredMessage, StoredThread } from '../state.ts';
import { type EmbedView, viewMessage } from '../view.ts';
import type { Component, RegisteredCommand } from './discord-words.ts';
import type { Person } from './people.ts';

/** A message as the page receives it; a deleted one has no further members. */
export type PageMessage = { readonly id: string; readonly channelId: string } & (
  | { readonly isDeleted: true }
  | ({ readonly isDeleted: false } & ShownMessage)
);

export interface ShownMessage {
  readonly author: string;
  /** `Olga used /status`, as two parts. */
  readonly asked: { readonly by: string; readonly typed: string } | undefined;
  readonly content: string;
  readonly embeds: readonly EmbedView[];
  readonly components: readonly Component[];
  readonly attachments: readonly { readonly name: string; readonly bytes: number; readonly path: string }[];
  /** Id of the message that it replies to. */
  readonly reference: string | undefined;
  /** Epoch milliseconds, as `editedAt`. */
  readonly at: number;
  readonly editedAt: number | undefined;
  readonly isThinking: boolean;
  /** Id of the only person who sees the message; undefined when everybody does. */
  readonly visibleTo: string | undefined;
}

export interface PageThread {
  readonly id: string;
  readonly name: string;
  readonly isArchived: boolean;
  readonly isLocked: boolean;
  readonly isDeleted: boolean;
}

/** Names of mentioned people, roles and channels, by id. */
export interface Names {
  readonly users: Readonly<Record<string, string>>;
  readonly roles: Readonly<Record<string, string>>;
  readonly channels: Readonly<Record<string, string>>;
}

/** Everything that the page shows. */
export interface Snapshot {
  readonly people: readonly Person[];
  readonly threads: readonly PageThread[];
  readonly names: Names;
  readonly commands: readonly RegisteredCommand[];
  readonly messages: readonly PageMessage[];
}

/** What changed since the snapshot. */
export type Change = Partial<Omit<Snapshot, 'people'>>;

export function shapeSnapshot(
  state: DiscordState,
  desk: InteractionDesk,
  people: readonly Person[],
): Snapshot {
  return {
    people,
    threads: pageThreads(state),
    names: pageNames(state),
    commands: pageCommands(state),
    messages: state.messages
      .filter((message) => !message.deleted)
      .map((message) => pageMessage(state, desk, message)),
  };
}

export function pageMessage(state: DiscordState, desk: InteractionDesk, message: StoredMessage): PageMessage {
  const { id, channelId } = message;
  if (message.deleted) return { id, channelId, isDeleted: true };
  const view = viewMessage(message);
  return {
    id,
    channelId,
    isDeleted: false,
    author: 'upm-publisher',
    asked: whoAsked(desk, message),
    content: view.content,
    embeds: view.embeds.map(localPicture),
    components: view.components as readonly unknown[] as readonly Component[],
    attachments: message.attachments
      .filter(({ inEmbed }) => inEmbed !== true)
      .map((file) => ({
        name: file.filename,
        bytes: file.bytes.length,
        path: new URL(fileUrl(state, channelId, file)).pathname,
      })),
    reference: view.reference,
    at: view.createdAt,
    editedAt: view.editedAt,
    isThinking: (view.flags & LOADING) !== 0,
    visibleTo: message.visibleTo,
  };
}

/** Makes the address of a picture relative, because the page may be open under another name of this machine. */
function localPicture({ image, ...embed }: EmbedView): EmbedView {
  return image === undefined ? embed : { ...embed, image: { ...image, url: new URL(image.url).pathname } };
}

function whoAsked(desk: InteractionDesk, message: StoredMessage): ShownMessage['asked'] {
  const record = message.interactionId === undefined ? undefined : desk.find(message.interactionId);
  if (record?.typed === undefined) return undefined;
  return { by: record.user.name, typed: record.typed };
}

export function pageThreads(state: DiscordState): readonly PageThread[] {
  return [...state.threads.values()].map(({ id, name, archived, locked, deleted }: StoredThread) => ({
    id,
    name,
    isArchived: archived,
    isLocked: locked,
    isDeleted: deleted,
  }));
}

export function pageCommands(state: DiscordState): readonly RegisteredCommand[] {
  return state.commands as readonly unknown[] as readonly RegisteredCommand[];
}

export function pageNames(state: DiscordState): Names {
  const users = [...state.users.values()].map((user) => [user.id, user.name]);
  const roles = shapeRoles(state).map((role) => [role['id'], textOf(role['name']).replace(/^@/, '')]);
  const threads = [...state.threads.values()].map((thread) => [thread.id, thread.name]);
  return {
    users: Object.fromEntries([...users, [state.botId, 'upm-publisher']]),
    roles: Object.fromEntries(roles),
    channels: Object.fromEntries([...threads, [state.channelId, 'unity-packages']]),
  };
}
