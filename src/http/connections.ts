import type { Server, Socket } from 'node:net';
import { addressKey } from './address-key.ts';

export interface ConnectionLimits {
  readonly total: number;
  /** Of one address, or of one /64; this machine itself is only counted in the total. */
  readonly perAddress: number;
}

/** A proxy on this machine, which may be there although nobody told us. */
const ownAddresses: ReadonlySet<string> = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** Closes connections beyond the limits before anything is read of them. `areShared`: all come from a proxy. */
export function limitConnections(server: Server, limits: ConnectionLimits, areShared: boolean): void {
  server.maxConnections = limits.total;
  if (areShared) return;
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const { remoteAddress: address } = socket;
    // It is closed already, or it is ours.
    if (address === undefined || ownAddresses.has(address)) return;
    const key = addressKey(address);
    const before = open.get(key) ?? 0;
    if (before >= limits.perAddress) {
      socket.destroy();
      return;
    }
    open.set(key, before + 1);
    socket.once('close', () => {
      const left = (open.get(key) ?? 1) - 1;
      if (left === 0) open.delete(key);
      else open.set(key, left);
    });
  });
}
