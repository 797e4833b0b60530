import type { Server, Socket } from 'node:net';
import { addressKey } from './address-key.ts';

export interface ConnectionLimits {
  readonly total: number;
  /** Of one address, or of one /64; this machine itself is only counted in the total. */
  readonly perAddress: number;
}

/** A proxy on this machine, which may be there although nobody told us. */
const ownAddresses: ReadonlySet<string> = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);
const ownKey = 'this machine';

/**
 * Closes connections beyond the limits before anything is read of them. When all are taken, a newcomer gets the place of
 * the oldest one of whoever has most: a crowd from a few addresses shuts nobody else out. `areShared`: all come from a
 * proxy.
 */
export function limitConnections(server: Server, limits: ConnectionLimits, areShared: boolean): void {
  if (areShared) {
    server.maxConnections = limits.total;
    return;
  }
  const open = new Map<string, Set<Socket>>();
  let total = 0;
  const forget = (key: string, socket: Socket): void => {
    const held = open.get(key);
    if (held?.delete(socket) !== true) return;
    total -= 1;
    if (held.size === 0) open.delete(key);
  };
  server.on('connection', (socket: Socket) => {
    const { remoteAddress: address } = socket;
    // It is closed already.
    if (address === undefined) return;
    const key = ownAddresses.has(address) ? ownKey : addressKey(address);
    const held = open.get(key) ?? new Set<Socket>();
    const isBeyondShare = key !== ownKey && held.size >= limits.perAddress;
    const crowd = isBeyondShare || total < limits.total ? undefined : findCrowd(open, key, held.size);
    if (isBeyondShare || (total >= limits.total && crowd === undefined)) {
      socket.destroy();
      return;
    }
    if (crowd !== undefined) {
      forget(crowd.key, crowd.oldest);
      crowd.oldest.destroy();
    }
    open.set(key, held.add(socket));
    total += 1;
    socket.once('close', () => forget(key, socket));
  });
}

/** Whoever has most, if that is more than the newcomer would have then: two of a kind do not push each other out. */
function findCrowd(
  open: ReadonlyMap<string, ReadonlySet<Socket>>,
  newcomer: string,
  held: number,
): { readonly key: string; readonly oldest: Socket } | undefined {
  let most = newcomer === ownKey ? 1 : held + 1;
  let found: { readonly key: string; readonly oldest: Socket } | undefined;
  for (const [key, sockets] of open) {
    const [oldest] = sockets;
    if (key === ownKey || sockets.size <= most || oldest === undefined) continue;
    most = sockets.size;
    found = { key, oldest };
  }
  return found;
}
