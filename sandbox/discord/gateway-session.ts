import { randomBytes } from 'node:crypto';
import type { WebSocket } from 'ws';

interface Dispatch {
  readonly s: number;
  readonly t: string;
  readonly d: unknown;
}

/** A gateway session. It outlives its connection: what is dispatched in between is replayed on resume. */
export interface GatewaySession {
  readonly id: string;
  readonly sent: Dispatch[];
  socket: WebSocket | undefined;
}

export function createSession(socket: WebSocket): GatewaySession {
  return { id: randomBytes(16).toString('hex'), sent: [], socket };
}

export function dispatch(session: GatewaySession, name: string, data: unknown): void {
  const event: Dispatch = { s: session.sent.length + 1, t: name, d: data };
  session.sent.push(event);
  if (session.socket) sendOp(session.socket, 0, event);
}

/** Sends everything after `sequence`, then RESUMED. */
export function replay(session: GatewaySession, socket: WebSocket, sequence: number): void {
  session.socket = socket;
  for (const event of session.sent.filter((sent) => sent.s > sequence)) sendOp(socket, 0, event);
  dispatch(session, 'RESUMED', { _trace: [] });
}

export function sendOp(
  socket: WebSocket,
  op: number,
  rest: { readonly d?: unknown; readonly s?: number; readonly t?: string },
): void {
  socket.send(JSON.stringify({ op, d: rest.d ?? null, s: rest.s ?? null, t: rest.t ?? null }));
}
