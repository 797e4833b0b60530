import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { createSession, dispatch, type GatewaySession, replay, sendOp } from './gateway-session.ts';
import {
  activeThreads,
  shapeBotMember,
  shapeBotUser,
  shapeChannel,
  shapeGuild,
  shapeRoles,
  shapeThread,
} from './guild-shape.ts';
import { isObject, type JsonObject, textOf } from './json.ts';
import type { DiscordState } from './state.ts';
import type { ViolationList } from './violations.ts';

const GUILDS_INTENT = 1;

/** How a connection ends: a close frame, op 7 "reconnect", a torn socket, or heartbeats that nobody answers. */
export type Drop = 'close' | 'reconnect' | 'reset' | 'zombie';

export interface Gateway {
  readonly identifies: () => number;
  /** Connections that have a session. */
  readonly connections: () => number;
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** To every session; one that is away gets it when it resumes. */
  dispatchAll(name: string, data: unknown): void;
  drop(options: { readonly resumable: boolean; readonly how: Drop }): void;
  closeAll(code: number): void;
  /** Tears every socket down; sessions stay. */
  terminateAll(): void;
}

export function createGateway(
  state: DiscordState,
  violations: ViolationList,
  heartbeatIntervalMs: number,
): Gateway {
  const server = new WebSocketServer({ noServer: true });
  const sessions = new Map<string, GatewaySession>();
  const mute = new WeakSet<WebSocket>();
  let identifies = 0;

  function identify(socket: WebSocket, data: JsonObject): void {
    identifies += 1;
    state.sessionStarts.remaining -= 1;
    const refusal = refuseIdentify(state, data);
    if (refusal) return socket.close(refusal);
    if (data['intents'] !== GUILDS_INTENT) {
      violations.add('behaviour', 'identify', [
        `intents ${String(data['intents'])}, wanted ${GUILDS_INTENT}`,
      ]);
    }
    const session = createSession(socket);
    sessions.set(session.id, session);
    dispatch(session, 'READY', shapeReady(state, session.id));
    dispatch(session, 'GUILD_CREATE', shapeGuildCreate(state));
  }

  function resume(socket: WebSocket, data: JsonObject): void {
    if (state.tokenRevoked || data['token'] !== state.botToken) return socket.close(4004);
    const session = sessions.get(textOf(data['session_id']));
    if (!session) return sendOp(socket, 9, { d: false });
    replay(session, socket, Number(data['seq'] ?? 0));
  }

  function receive(socket: WebSocket, raw: RawData): void {
    if (mute.has(socket)) return;
    const message = parseFrame(raw);
    if (!message) return socket.close(4002);
    const data = isObject(message['d']) ? message['d'] : {};
    if (message['op'] === 1) return sendOp(socket, 11, {});
    if (message['op'] === 6) return resume(socket, data);
    if (message['op'] !== 2) return;
    if (sessionOf(socket)) return socket.close(4005);
    identify(socket, data);
  }

  function sessionOf(socket: WebSocket): GatewaySession | undefined {
    return [...sessions.values()].find((session) => session.socket === socket);
  }

  server.on('connection', (socket) => {
    sendOp(socket, 10, { d: { heartbeat_interval: heartbeatIntervalMs, _trace: [] } });
    socket.on('message', (raw) => receive(socket, raw));
    // A torn connection is what the faults are for.
    socket.on('error', () => undefined);
    socket.on('close', (code) => {
      const session = sessionOf(socket);
      if (!session) return;
      session.socket = undefined;
      // Who says goodbye properly does not come back.
      if (code === 1000 || code === 1001) sessions.delete(session.id);
    });
  });

  function each(action: (session: GatewaySession, socket: WebSocket) => void): void {
    for (const session of sessions.values()) if (session.socket) action(session, session.socket);
  }

  return {
    identifies: () => identifies,
    connections: () => [...sessions.values()].filter((session) => session.socket).length,
    handleUpgrade: (request, socket, head) =>
      server.handleUpgrade(request, socket, head, (connection) =>
        server.emit('connection', connection, request),
      ),
    dispatchAll(name, data) {
      for (const session of sessions.values()) dispatch(session, name, data);
    },
    drop({ resumable, how }) {
      const open = [...sessions.values()].flatMap((session) => session.socket ?? []);
      each((session) => {
        if (how !== 'reconnect') session.socket = undefined;
        if (!resumable) sessions.delete(session.id);
      });
      for (const socket of open) end(socket, how, mute);
    },
    closeAll(code) {
      for (const socket of server.clients) socket.close(code);
      sessions.clear();
    },
    terminateAll() {
      for (const socket of server.clients) socket.terminate();
    },
  };
}

function end(socket: WebSocket, how: Drop, mute: WeakSet<WebSocket>): void {
  if (how === 'close') socket.close(4000);
  else if (how === 'reconnect') sendOp(socket, 7, {});
  else if (how === 'zombie') mute.add(socket);
  else socket.terminate();
}

/** The close code of an identify that is not let in. */
function refuseIdentify(state: DiscordState, data: JsonObject): number | undefined {
  if (state.tokenRevoked || data['token'] !== state.botToken) return 4004;
  if (typeof data['intents'] !== 'number') return 4013;
  return state.intentsDisallowed ? 4014 : undefined;
}

function parseFrame(raw: RawData): JsonObject | undefined {
  try {
    const parsed: unknown = JSON.parse(String(raw));
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function shapeReady(state: DiscordState, sessionId: string): JsonObject {
  return {
    v: 10,
    user: { ...shapeBotUser(state), verified: true, mfa_enabled: false, email: null },
    guilds: [{ id: state.guildId, unavailable: true }],
    session_id: sessionId,
    resume_gateway_url: `${state.publicUrl.replace('http:', 'ws:')}/gateway`,
    shard: [0, 1],
    application: { id: state.applicationId, flags: 0 },
  };
}

function shapeGuildCreate(state: DiscordState): JsonObject {
  return {
    ...shapeGuild(state),
    joined_at: new Date(state.now()).toISOString(),
    large: false,
    unavailable: false,
    member_count: 4,
    voice_states: [],
    members: [shapeBotMember(state)],
    channels: [shapeChannel(state)],
    threads: activeThreads(state),
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}

/** Tells the sessions what changes in threads and in the bot's permissions. */
export function announceChanges(state: DiscordState, gateway: Gateway): void {
  state.changes.on('thread', (thread, event) => {
    const shaped = shapeThread(state, thread);
    const { id, guild_id, parent_id, type } = shaped;
    gateway.dispatchAll(event, event === 'THREAD_DELETE' ? { id, guild_id, parent_id, type } : shaped);
  });
  state.changes.on('role', () => {
    for (const role of shapeRoles(state)) {
      gateway.dispatchAll('GUILD_ROLE_UPDATE', { guild_id: state.guildId, role });
    }
  });
}
