import type { JsonObject } from './json.ts';
import type { DiscordState, StoredThread } from './state.ts';

/** A member of the server, or somebody outside it, as an interaction carries them. */
export interface DiscordUser {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly permissions: 'manage-guild' | 'none';
}

const JOINED = '2025-01-01T00:00:00.000Z';

export function shapeUser(user: {
  readonly id: string;
  readonly name: string;
  readonly bot?: boolean;
}): JsonObject {
  return {
    id: user.id,
    username: user.name.toLowerCase().replaceAll(' ', '.'),
    global_name: user.bot ? null : user.name,
    avatar: null,
    discriminator: user.bot ? '0001' : '0',
    public_flags: 0,
    flags: 0,
    primary_guild: null,
    ...(user.bot ? { bot: true } : {}),
  };
}

export function shapeBotUser(state: DiscordState): JsonObject {
  return shapeUser({ id: state.botId, name: 'upm-publisher', bot: true });
}

export function shapeMember(user: JsonObject, roles: readonly string[]): JsonObject {
  return {
    avatar: null,
    banner: null,
    communication_disabled_until: null,
    flags: 0,
    joined_at: JOINED,
    nick: null,
    pending: false,
    premium_since: null,
    roles: [...roles],
    user,
    mute: false,
    deaf: false,
  };
}

export function shapeBotMember(state: DiscordState): JsonObject {
  return shapeMember(shapeBotUser(state), [state.botRoleId]);
}

function shapeRole(id: string, name: string, position: number, more: JsonObject): JsonObject {
  return {
    id,
    name,
    permissions: '0',
    position,
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    managed: false,
    mentionable: false,
    icon: null,
    unicode_emoji: null,
    flags: 0,
    ...more,
  };
}

/** Shapes the roles. @everyone has no permissions, so the bot has exactly those of its own role. */
export function shapeRoles(state: DiscordState): JsonObject[] {
  return [
    shapeRole(state.guildId, '@everyone', 0, {}),
    shapeRole(state.operatorRoleId, 'Publishers', 1, { mentionable: true }),
    shapeRole(state.botRoleId, 'upm-publisher', 2, {
      permissions: state.botPermissions.toString(),
      managed: true,
      tags: { bot_id: state.botId },
    }),
  ];
}

export function shapeChannel(state: DiscordState): JsonObject {
  return {
    id: state.channelId,
    type: 0,
    flags: 0,
    guild_id: state.guildId,
    name: 'unity-packages',
    parent_id: null,
    position: 0,
    permission_overwrites: [],
    nsfw: false,
    topic: null,
    last_message_id: null,
    rate_limit_per_user: 0,
  };
}

export function shapeThread(state: DiscordState, thread: StoredThread): JsonObject {
  const messages = state.messages.filter((message) => message.channelId === thread.id && !message.visibleTo);
  return {
    id: thread.id,
    type: 11,
    flags: 0,
    guild_id: state.guildId,
    name: thread.name,
    parent_id: state.channelId,
    owner_id: state.ownerId,
    last_message_id: messages.at(-1)?.id ?? null,
    rate_limit_per_user: 0,
    message_count: messages.filter((message) => !message.deleted).length,
    member_count: 1,
    total_message_sent: messages.length,
    thread_metadata: {
      archived: thread.archived,
      archive_timestamp: new Date(thread.archivedChangedAtMs).toISOString(),
      auto_archive_duration: 10_080,
      locked: thread.locked,
      create_timestamp: JOINED,
    },
  };
}

export function activeThreads(state: DiscordState): JsonObject[] {
  return [...state.threads.values()]
    .filter((thread) => !thread.deleted && !thread.archived)
    .map((thread) => shapeThread(state, thread));
}

export function shapeGuild(state: DiscordState): JsonObject {
  const absent = [
    'icon',
    'description',
    'home_header',
    'splash',
    'discovery_splash',
    'banner',
    'application_id',
    'afk_channel_id',
    'system_channel_id',
    'widget_channel_id',
    'max_presences',
    'vanity_url_code',
    'rules_channel_id',
    'safety_alerts_channel_id',
    'public_updates_channel_id',
    'incidents_data',
  ];
  return {
    ...Object.fromEntries(absent.map((name) => [name, null])),
    id: state.guildId,
    name: 'The sandbox',
    features: [],
    owner_id: state.ownerId,
    region: 'us-central',
    afk_timeout: 300,
    system_channel_flags: 0,
    widget_enabled: false,
    verification_level: 0,
    roles: shapeRoles(state),
    default_message_notifications: 1,
    mfa_level: 0,
    explicit_content_filter: 0,
    max_members: 500_000,
    max_stage_video_channel_users: 50,
    max_video_channel_users: 25,
    premium_tier: 0,
    premium_subscription_count: 0,
    preferred_locale: 'en-US',
    premium_progress_bar_enabled: false,
    nsfw: false,
    nsfw_level: 0,
    emojis: [],
    stickers: [],
  };
}

export function shapeApplication(state: DiscordState): JsonObject {
  return {
    id: state.applicationId,
    name: 'UPM Auto Publisher',
    icon: null,
    description: '',
    type: null,
    flags: 0,
    flags_new: '0',
    bot: shapeBotUser(state),
    bot_public: false,
    bot_require_code_grant: false,
    verify_key: '0'.repeat(64),
    redirect_uris: [],
    interactions_endpoint_url: null,
    role_connections_verification_url: null,
    owner: shapeUser({ id: state.ownerId, name: 'Owner' }),
    approximate_guild_count: 1,
    approximate_user_install_count: 0,
    approximate_user_authorization_count: 0,
    explicit_content_filter: 0,
    team: null,
    eligible_oauth2_scopes: [],
  };
}
