import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type Fault, misbehave } from './fault-answers.ts';

export type { Fault } from './fault-answers.ts';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  /** The ETag of a conditional request. */
  readonly ifNoneMatch: string | undefined;
}

/**
 * Chooses the fault of a request. `count` is 1 for the first request of this method and path since the start or the
 * last `clear`.
 */
export type ChooseFault = (request: {
  readonly method: string;
  readonly path: string;
  readonly count: number;
  /** The body; empty unless `readsBodies` is set. */
  readonly body: string;
}) => Fault | undefined;

export interface FaultProxy {
  /** `http://127.0.0.1:<port>/` */
  readonly url: string;
  requests(): readonly SeenRequest[];
  setFaults(choose: ChooseFault): void;
  /** Forgets all faults and all requests seen. */
  clear(): void;
  /** Closes every connection. Start again with the same port to come back. */
  stop(): Promise<void>;
}

/** Starts an HTTP proxy in front of `target` that changes only Host, and misbehaves when told to. */
export async function startFaultProxy(options: {
  readonly target: string;
  readonly port?: number;
  /** Holds each request until its body is complete, so that faults can be chosen by it; false when left out. */
  readonly readsBodies?: boolean;
}): Promise<FaultProxy> {
  const target = new URL(options.target);
  const seen: SeenRequest[] = [];
  const counts = new Map<string, number>();
  let chooseFault: ChooseFault = () => undefined;
  async function handle(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/' } = incoming;
    const { authorization, 'if-none-match': ifNoneMatch } = incoming.headers;
    const text = options.readsBodies === true ? await buffer(incoming) : undefined;
    seen.push({ method, path, authorization, ifNoneMatch });
    const count = (counts.get(`${method} ${path}`) ?? 0) + 1;
    counts.set(`${method} ${path}`, count);
    const fault = chooseFault({ method, path, count, body: text?.toString('utf8') ?? '' });
    const body = text === undefined ? incoming : Readable.from(text.length === 0 ? [] : [text]);
    await misbehave({ target, incoming, body, answer }, fault);
  }

  const server = createServer((incoming, answer) => {
    handle(incoming, answer).catch(() => incoming.socket.destroy());
  });
  const tearDown = await listen(server, options.port ?? 0);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    requests: () => seen,
    setFaults: (choose) => {
      chooseFault = choose;
    },
    clear: () => {
      chooseFault = () => undefined;
      seen.length = 0;
      counts.clear();
    },
    stop: tearDown,
  };
}

/** Listens, and returns a function that stops the server and closes every connection. */
async function listen(server: Server, port: number): Promise<() => Promise<void>> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
}
