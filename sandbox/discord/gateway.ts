import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { type GatewayRoom, receiveFrame, sessionOf } from './gateway-protocol.ts';
import { dispatch, sendOp } from './gateway-session.ts';
import { shapeRoles, shapeThread } from './guild-shape.ts';
import type { DiscordState } from './state.ts';
import type { ViolationList } from './violations.ts';

/**
 * How a connection ends: with a close frame, with op 7 "reconnect", by a reset socket, or by unanswered heartbeats.
 */
export type Drop = 'close' | 'reconnect' | 'reset' | 'zombie';

export interface Gateway {
  readonly identifies: () => number;
  /** Returns the number of connections that have a session. */
  readonly connections: () => number;
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Dispatches to every session; a session without a connection gets it when it resumes. */
  dispatchAll(name: string, data: unknown): void;
  drop(options: { readonly resumable: boolean; readonly how: Drop }): void;
  /** Ends all connections and sessions. */
  closeAll(code: number): void;
  /** While on, new connections receive hello and nothing else; such a connection stays silent for good. */
  silence(on: boolean): void;
  readonly silenced: () => number;
  /** Resets every socket; sessions stay. */
  terminateAll(): void;
}

export function createGateway(
  state: DiscordState,
  violations: ViolationList,
  heartbeatIntervalMs: number,
): Gateway {
  const server = new WebSocketServer({ noServer: true });
  const room: GatewayRoom = {
    state,
    violations,
    sessions: new Map(),
    mute: new WeakSet(),
    isSilent: false,
    silenced: 0,
    identifies: 0,
  };
  const sessions = () => [...room.sessions.values()];
  server.on('connection', (socket) => welcome(room, socket, heartbeatIntervalMs));
  return {
    identifies: () => room.identifies,
    connections: () => sessions().filter((session) => session.socket).length,
    handleUpgrade: (request, socket, head) =>
      server.handleUpgrade(request, socket, head, (connection) =>
        server.emit('connection', connection, request),
      ),
    dispatchAll(name, data) {
      for (const session of sessions()) dispatch(session, name, data);
    },
    drop({ resumable, how }) {
      for (const session of sessions()) {
        const { socket } = session;
        if (how !== 'reconnect') session.socket = undefined;
        if (!resumable) room.sessions.delete(session.id);
        if (socket) end(room, socket, how);
      }
    },
    closeAll(code) {
      for (const socket of server.clients) socket.close(code);
      room.sessions.clear();
    },
    silenced: () => room.silenced,
    silence(on) {
      room.isSilent = on;
    },
    terminateAll() {
      for (const socket of server.clients) socket.terminate();
    },
  };
}

function welcome(room: GatewayRoom, socket: WebSocket, heartbeatIntervalMs: number): void {
  sendOp(socket, 10, { d: { heartbeat_interval: heartbeatIntervalMs, _trace: [] } });
  if (room.isSilent) {
    room.mute.add(socket);
    room.silenced += 1;
  }
  socket.on('message', (raw) => receiveFrame(room, socket, raw));
  // Errors of the socket are expected: the faults reset connections.
  socket.on('error', () => undefined);
  socket.on('close', (code) => {
    const session = sessionOf(room, socket);
    if (!session) return;
    session.socket = undefined;
    // Drops the session: a client that closes properly does not resume.
    if (code === 1000 || code === 1001) room.sessions.delete(session.id);
  });
}

function end(room: GatewayRoom, socket: WebSocket, how: Drop): void {
  if (how === 'close') socket.close(4000);
  else if (how === 'reconnect') sendOp(socket, 7, {});
  else if (how === 'zombie') room.mute.add(socket);
  else socket.terminate();
}

/** Dispatches to the sessions what changes in threads and in the bot's permissions. */
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
