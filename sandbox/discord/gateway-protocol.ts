import type { RawData, WebSocket } from 'ws';
import { createSession, dispatch, type GatewaySession, replay, sendOp } from './gateway-session.ts';
import { activeThreads, shapeBotMember, shapeBotUser, shapeChannel, shapeGuild } from './guild-shape.ts';
import { isObject, type JsonObject, textOf } from './json.ts';
import type { DiscordState } from './state.ts';
import type { ViolationList } from './violations.ts';

const GUILDS_INTENT = 1;

/** State that the gateway's connections share. */
export interface GatewayRoom {
  readonly state: DiscordState;
  readonly violations: ViolationList;
  readonly sessions: Map<string, GatewaySession>;
  /** Connections that are not answered any more. */
  readonly mute: WeakSet<WebSocket>;
  /** True while new connections receive hello and nothing else. */
  isSilent: boolean;
  /** Number of connections that received nothing after hello. */
  silenced: number;
  identifies: number;
}

/** Handles one frame from a client: heartbeat (1), identify (2) or resume (6). Ignores the others. */
export function receiveFrame(room: GatewayRoom, socket: WebSocket, raw: RawData): void {
  if (room.mute.has(socket)) return;
  const frame = parseFrame(raw);
  const data = isObject(frame?.['d']) ? frame['d'] : {};
  if (!frame) socket.close(4002);
  else if (frame['op'] === 1) sendOp(socket, 11, {});
  else if (frame['op'] === 2) identify(room, socket, data);
  else if (frame['op'] === 6) resume(room, socket, data);
}

export function sessionOf(room: GatewayRoom, socket: WebSocket): GatewaySession | undefined {
  return [...room.sessions.values()].find((session) => session.socket === socket);
}

function identify(room: GatewayRoom, socket: WebSocket, data: JsonObject): void {
  const { state, violations } = room;
  room.identifies += 1;
  state.sessionStarts.remaining -= 1;
  const refusal = sessionOf(room, socket) ? 4005 : refuseIdentify(state, data);
  if (refusal !== undefined) {
    socket.close(refusal);
    return;
  }
  if (data['intents'] !== GUILDS_INTENT) {
    const intents = JSON.stringify(data['intents']);
    violations.add('behaviour', 'identify', [`intents ${intents}, wanted ${GUILDS_INTENT}`]);
  }
  const session = createSession(socket);
  room.sessions.set(session.id, session);
  dispatch(session, 'READY', shapeReady(state, session.id));
  dispatch(session, 'GUILD_CREATE', shapeGuildCreate(state));
}

/** Returns the close code for an identify that is refused; undefined when it is accepted. */
function refuseIdentify(state: DiscordState, data: JsonObject): number | undefined {
  if (state.tokenRevoked || data['token'] !== state.botToken) return 4004;
  if (typeof data['intents'] !== 'number') return 4013;
  return state.intentsDisallowed ? 4014 : undefined;
}

function resume(room: GatewayRoom, socket: WebSocket, data: JsonObject): void {
  const session = room.sessions.get(textOf(data['session_id']));
  if (room.state.tokenRevoked || data['token'] !== room.state.botToken) socket.close(4004);
  else if (session) replay(session, socket, Number(data['seq'] ?? 0));
  else sendOp(socket, 9, { d: false });
}

function parseFrame(raw: RawData): JsonObject | undefined {
  const bytes = Array.isArray(raw) ? Buffer.concat(raw) : Buffer.from(raw as Uint8Array);
  try {
    const parsed: unknown = JSON.parse(bytes.toString('utf8'));
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
