import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that wants to hear something: our credentials, say. */
export interface Canary {
  /** With a trailing slash. */
  readonly url: string;
  /** Everything that came. */
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
