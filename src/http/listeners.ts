import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import type { HttpApp } from './context.ts';

export interface Listeners {
  readonly url: string;
  /** Accepts no new connections; resolves when the accepted ones are closed. */
  close(): Promise<void>;
}

interface Where {
  readonly host: string;
  readonly port: number;
}

/**
 * libuv accepts one connection per listening socket in a turn of its loop. While requests make a turn last 30 ms, that
 * is about 30 a second, and a newcomer waits behind the whole queue. With several sockets, the kernel distributes
 * newcomers among them.
 */
const extraSockets = 31;

/** Makes the app listen on several sockets of one port, or on one where the system cannot share ports. */
export async function listenWidely(app: HttpApp, where: Where): Promise<Listeners> {
  await expectFree(where);
  const url = await app.listen(process.platform === 'linux' ? share(where) : where);
  const extras = process.platform === 'linux' ? await listenBeside(app.server) : [];
  return {
    url,
    close: async () => {
      await Promise.all(extras.map(close));
    },
  };
}

function share<T extends Where>(where: T): T {
  return { ...where, reusePort: true };
}

/**
 * Checks that the port is free, because another process of this user could share it and take half of the requests.
 * Throws EADDRINUSE.
 */
async function expectFree(where: Where): Promise<void> {
  if (where.port === 0) return;
  const only = createServer();
  await once(only.listen(where), 'listening');
  await close(only);
}

async function listenBeside(server: HttpServer): Promise<readonly Server[]> {
  const { address: host, port } = server.address() as AddressInfo;
  return Promise.all(
    Array.from({ length: extraSockets }, async () => {
      // The same options that node:http uses.
      const extra = createServer({ allowHalfOpen: true, noDelay: true });
      extra.on('connection', (socket) => server.emit('connection', socket));
      await once(extra.listen(share({ host, port })), 'listening');
      return extra;
    }),
  );
}

async function close(server: Server): Promise<void> {
  await new Promise((resolve) => server.close(resolve));
}
