import { type DiscordUser, shapeChannel, shapeMember, shapeThread, shapeUser } from './guild-shape.ts';
import type { InteractionRecord } from './interactions.ts';
import { type JsonObject, objectsOf } from './json.ts';
import { shapeMessage } from './message-shape.ts';
import { type DiscordState, permission } from './state.ts';

export type OptionValue = string | number | boolean;

/** What a person typed: `/name subcommand option:value …`. */
export interface TypedCommand {
  readonly name: string;
  readonly subcommand?: string;
  readonly options?: Readonly<Record<string, OptionValue>>;
  /** The option that is being typed; only for autocomplete. */
  readonly focused?: string;
}

/** Discord's numbers for the types of interaction. */
export const interactionTypes = { command: 2, press: 3, autocomplete: 4, modal: 5 } as const;
const MEMBER_PERMISSIONS = permission.viewChannel | permission.sendMessagesInThreads | (1n << 31n);

/** Shapes an INTERACTION_CREATE as Discord sends it. */
export function shapeInteraction(
  state: DiscordState,
  record: InteractionRecord,
  data: JsonObject,
): JsonObject {
  return {
    id: record.id,
    application_id: state.applicationId,
    type: interactionTypes[record.kind],
    data,
    guild: { id: record.guildId, locale: 'en-US', features: [] },
    guild_id: record.guildId,
    channel: channelOf(state, record.channelId),
    channel_id: record.channelId,
    member: memberOf(record.user),
    token: record.token,
    version: 1,
    ...(record.source ? { message: shapeMessage(state, record.source) } : {}),
    app_permissions: state.botPermissions.toString(),
    locale: 'en-US',
    guild_locale: 'en-US',
    entitlements: [],
    authorizing_integration_owners: { '0': record.guildId },
    context: 0,
    attachment_size_limit: 10 * 1024 * 1024,
  };
}

function channelOf(state: DiscordState, id: string): JsonObject {
  const thread = state.threads.get(id);
  const shaped = thread ? shapeThread(state, thread) : { ...shapeChannel(state), id };
  return { ...shaped, permissions: MEMBER_PERMISSIONS.toString() };
}

function memberOf(user: DiscordUser): JsonObject {
  const bits = MEMBER_PERMISSIONS | (user.permissions === 'manage-guild' ? permission.manageGuild : 0n);
  return { ...shapeMember(shapeUser(user), user.roles), permissions: bits.toString() };
}

/** Shapes a press: of a select menu when `values` are given, of a button otherwise. */
export function shapePress(customId: string, values: readonly string[] | undefined): JsonObject {
  const component = values ? { component_type: 3, values } : { component_type: 2 };
  return { id: 1, custom_id: customId, ...component };
}

export function shapeCommand(state: DiscordState, typed: TypedCommand): JsonObject {
  const known = state.commands.find((command) => command['name'] === typed.name);
  const options = Object.entries(typed.options ?? {}).map(([name, value]) => ({
    name,
    type: optionType(known, typed, name, value),
    value,
    ...(name === typed.focused ? { focused: true } : {}),
  }));
  return {
    id: known?.['id'] ?? state.nextId(),
    name: typed.name,
    type: 1,
    guild_id: state.guildId,
    options: typed.subcommand === undefined ? options : [{ name: typed.subcommand, type: 1, options }],
  };
}

/** Returns the registered type of an option, or the type of its value when it is not registered. */
function optionType(
  known: JsonObject | undefined,
  typed: TypedCommand,
  name: string,
  value: OptionValue,
): number {
  const top = objectsOf(known?.['options']);
  const within = top.find((option) => option['name'] === typed.subcommand);
  const options = typed.subcommand === undefined ? top : objectsOf(within?.['options']);
  const registered = options.find((option) => option['name'] === name)?.['type'];
  if (typeof registered === 'number') return registered;
  if (typeof value === 'boolean') return 5;
  return typeof value === 'number' ? 4 : 3;
}
