import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** The double's one port. It can be shut (connections are refused) and opened again with the same number. */
export interface HttpDoor {
  readonly port: number;
  open(): Promise<void>;
  /** Closes every connection and stops listening. */
  shut(): Promise<void>;
}

/** Listens on 127.0.0.1; `port` 0 picks a free one. */
export async function openHttpDoor(options: {
  readonly port: number;
  readonly onRequest: (incoming: IncomingMessage, response: ServerResponse) => void;
  readonly onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
}): Promise<HttpDoor> {
  const sockets = new Set<Socket>();
  const server = createServer(options.onRequest);
  server.on('upgrade', options.onUpgrade);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });

  function listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  }

  await listen(options.port);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    open: () => (server.listening ? Promise.resolve() : listen(port)),
    shut: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
