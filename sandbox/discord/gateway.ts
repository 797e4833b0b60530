import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { type GatewayRoom, receiveFrame, sessionOf } from './gateway-protocol.ts';
import { dispatch, sendOp } from './gateway-session.ts';
import { shapeRoles, shapeThread } from './guild-shape.ts';
import type { DiscordState } from './state.ts';
import type { ViolationList } from './violations.ts';

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
  /** Ends connections and sessions alike. */
  closeAll(code: number): void;
  /** Hello and nothing after it, for whoever connects while it is on; such a connection stays so. */
  silence(on: boolean): void;
  readonly silenced: () => number;
  /** Tears every socket down; sessions stay. */
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
  // A torn connection is what the faults are for.
  socket.on('error', () => undefined);
  socket.on('close', (code) => {
    const session = sessionOf(room, socket);
    if (!session) return;
    session.socket = undefined;
    // Who says goodbye properly does not come back.
    if (code === 1000 || code === 1001) room.sessions.delete(session.id);
  });
}

function end(room: GatewayRoom, socket: WebSocket, how: Drop): void {
  if (how === 'close') socket.close(4000);
  else if (how === 'reconnect') sendOp(socket, 7, {});
  else if (how === 'zombie') room.mute.add(socket);
  else socket.terminate();
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
