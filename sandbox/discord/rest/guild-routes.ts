import { missingAccess, unauthorized, unknownGuild, unknownUser } from '../api-error.ts';
import {
  activeThreads,
  shapeApplication,
  shapeBotMember,
  shapeBotUser,
  shapeChannel,
  shapeGuild,
  shapeRoles,
  shapeThread,
} from '../guild-shape.ts';
import { spec } from '../schema-check.ts';
import type { DiscordState } from '../state.ts';
import { readableThread } from './message-access.ts';
import type { Route } from './route.ts';

export const guildRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/gateway',
    open: true,
    answer: spec.GatewayResponseSchema,
    handle: ({ state }) => ({ status: 200, body: { url: gatewayUrl(state) } }),
  },
  {
    method: 'GET',
    path: '/gateway/bot',
    answer: spec.GatewayBotResponseSchema,
    handle: ({ state }) => ({
      status: 200,
      body: {
        url: gatewayUrl(state),
        shards: 1,
        session_start_limit: {
          total: state.sessionStarts.total,
          remaining: state.sessionStarts.remaining,
          reset_after: state.sessionStarts.resetAfterMs,
          max_concurrency: 1,
        },
      },
    }),
  },
  {
    method: 'GET',
    path: '/users/@me',
    answer: spec.UserPIIResponseSchema,
    handle: ({ state }) => ({
      status: 200,
      body: { ...shapeBotUser(state), mfa_enabled: false, locale: 'en-US', verified: true, email: null },
    }),
  },
  {
    method: 'GET',
    path: '/users/:user',
    answer: spec.UserResponseSchema,
    handle({ state }, _request, { user }) {
      if (user !== state.botId) throw unknownUser();
      return { status: 200, body: shapeBotUser(state) };
    },
  },
  {
    method: 'GET',
    path: '/oauth2/applications/@me',
    answer: spec.PrivateApplicationResponseSchema,
    handle: ({ state }) => ({ status: 200, body: shapeApplication(state) }),
  },
  {
    method: 'GET',
    path: '/applications/@me',
    answer: spec.PrivateApplicationResponseSchema,
    handle: ({ state }) => ({ status: 200, body: shapeApplication(state) }),
  },
  {
    method: 'GET',
    path: '/guilds/:guild',
    answer: spec.GuildWithCountsResponseSchema,
    handle({ state }, _request, { guild }) {
      checkGuild(state, guild);
      return { status: 200, body: shapeGuild(state) };
    },
  },
  {
    method: 'GET',
    path: '/guilds/:guild/channels',
    answerItems: spec.GuildChannelResponseSchema,
    handle({ state }, _request, { guild }) {
      checkGuild(state, guild);
      return { status: 200, body: [shapeChannel(state)] };
    },
  },
  {
    method: 'GET',
    path: '/guilds/:guild/roles',
    answerItems: spec.GuildRoleResponseSchema,
    handle({ state }, _request, { guild }) {
      checkGuild(state, guild);
      return { status: 200, body: shapeRoles(state) };
    },
  },
  {
    method: 'GET',
    path: '/guilds/:guild/members/:user',
    answer: spec.GuildMemberResponseSchema,
    handle({ state }, _request, { guild, user }) {
      checkGuild(state, guild);
      if (user !== state.botId) throw unknownUser();
      return { status: 200, body: shapeBotMember(state) };
    },
  },
  {
    method: 'GET',
    path: '/guilds/:guild/threads/active',
    answer: spec.ThreadsResponseSchema,
    handle({ state }, _request, { guild }) {
      checkGuild(state, guild);
      return { status: 200, body: { threads: activeThreads(state), members: [], has_more: false } };
    },
  },
  {
    method: 'GET',
    path: '/channels/:channel',
    handle({ state }, _request, { channel = '' }) {
      const thread = readableThread(state, channel);
      return { status: 200, body: thread ? shapeThread(state, thread) : shapeChannel(state) };
    },
  },
  {
    method: 'PUT',
    path: '/channels/:channel/thread-members/@me',
    handle({ state }, _request, { channel = '' }) {
      readableThread(state, channel);
      return { status: 204 };
    },
  },
];

function gatewayUrl(state: DiscordState): string {
  return `${state.publicUrl.replace('http:', 'ws:')}/gateway`;
}

export function checkGuild(state: DiscordState, guild: string | undefined): void {
  if (guild === state.guildId) return;
  // Discord does not reveal whether a server exists to somebody who is not in it.
  throw /^\d+$/.test(guild ?? '') ? missingAccess() : unknownGuild();
}

/** Throws 401 unless the request carries the bot's token. */
export function checkBotToken(state: DiscordState, authorization: string | undefined): void {
  if (state.tokenRevoked || authorization !== `Bot ${state.botToken}`) throw unauthorized();
}
