import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that must receive nothing from us, above all no credentials. */
export interface Canary {
  /** Address with a trailing slash. */
  readonly url: string;
  /** Returns everything that it received. */
  heard(): readonly unknown[];
  stop(): Promise<void>;
}

export async function startCanary(): Promise<Canary> {
  const heard: unknown[] = [];
  const server = createServer((request: IncomingMessage, answer) => {
    heard.push({ method: request.method, headers: request.headers });
    answer.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    heard: () => [...heard],
    stop: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
