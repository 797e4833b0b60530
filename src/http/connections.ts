import type { Server, Socket } from 'node:net';
import { addressKey } from './address-key.ts';

export interface ConnectionLimits {
  readonly total: number;
  /** Of one address, or of one /64; this machine itself is only counted in the total. */
  readonly perAddress: number;
}

/** A proxy on this machine, which may be there although nobody told us. */
const ownAddresses: ReadonlySet<string> = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);
/** Counted in the total only, and never pushed out. */
const ownKey = 'this machine';

/**
 * Closes connections beyond the limits before anything is read of them. When all are taken, a newcomer gets the place of
 * the oldest one of whoever has most: a crowd from a few addresses shuts nobody else out. `areShared`: all come from a
 * proxy.
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
    // It is closed already.
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
