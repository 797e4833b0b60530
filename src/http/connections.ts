import type { Server, Socket } from 'node:net';
import { addressKey } from './address-key.ts';

export interface ConnectionLimits {
  readonly total: number;
  /** Limit for one IPv4 address or one /64 of IPv6; connections from this machine count only toward the total. */
  readonly perAddress: number;
}

/** Addresses of this machine: a proxy may run here that is not configured. */
const ownAddresses: ReadonlySet<string> = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);
/** The key of connections that count only toward the total and are never closed for a newcomer. */
const ownKey = 'this machine';

/**
 * Closes connections beyond the limits before reading from them. When all places are taken, a newcomer replaces the
 * oldest connection of the address with the most: a crowd from a few addresses shuts nobody else out. `areShared`: all
 * connections come from a proxy.
 */
export function limitConnections(server: Server, limits: ConnectionLimits, areShared: boolean): void {
  const open = new Map<string, Set<Socket>>();
  let total = 0;
  const forget = (key: string, socket: Socket): void => {
    const held = open.get(key);
    if (held?.delete(socket) !== true) return;
    total -= 1;
    if (held.size === 0) open.delete(key);
  };
  const takePlace = (key: string, held: number): boolean => {
    if (key !== ownKey && held >= limits.perAddress) return false;
    if (total < limits.total) return true;
    const crowd = findCrowd(open, key, held);
    if (crowd === undefined) return false;
    forget(crowd.key, crowd.oldest);
    crowd.oldest.destroy();
    return true;
  };
  server.on('connection', (socket: Socket) => {
    const { remoteAddress: address } = socket;
    // The connection is closed already.
    if (address === undefined) return;
    const key = areShared || ownAddresses.has(address) ? ownKey : addressKey(address);
    if (!takePlace(key, open.get(key)?.size ?? 0)) {
      socket.destroy();
      return;
    }
    open.set(key, (open.get(key) ?? new Set()).add(socket));
    total += 1;
    socket.once('close', () => forget(key, socket));
  });
}

/**
 * Returns the address with the most connections, if it has more than the newcomer would have then: equal ones do not
 * push each other out.
 */
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
