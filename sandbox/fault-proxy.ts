import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

export type Fault =
  /** An answer of our own. `before-body` answers at once (and swallows the body); `after-body` reads it first. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
      readonly when?: 'before-body' | 'after-body';
    }
  /** The socket is torn down before anything is forwarded, or after the target has answered. */
  | { readonly kind: 'reset'; readonly when: 'before-forwarding' | 'after-forwarding' }
  /** Nothing is ever answered. */
  | { readonly kind: 'hang' }
  /** The target's answer, a few bytes at a time. */
  | { readonly kind: 'dribble'; readonly chunkBytes: number; readonly everyMs: number }
  /** 200 and a page, as a captive portal gives. */
  | { readonly kind: 'html-200' }
  /** The target's answer, cut in the middle of its body. */
  | { readonly kind: 'half-answer' }
  /** The target gets it; the client gets a torn connection. */
  | { readonly kind: 'store-then-drop' }
  /** The target gets it, once `held` (called with all of it in hand) is over; the client never hears of it. */
  | { readonly kind: 'store-then-hang'; readonly held?: () => Promise<void> }
  /** The target gets it; the client gets this status. */
  | { readonly kind: 'store-then-status'; readonly status: number }
  /** 201 and JSON, but the target never hears of it. */
  | { readonly kind: 'accept-without-forwarding' }
  | { readonly kind: 'redirect'; readonly status: 301 | 302 | 303 | 307 | 308; readonly to: string }
  /** A packument as it was before this version; 404 when it was the only one. */
  | { readonly kind: 'hide-version'; readonly version: string };

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  /** The ETag of a conditional request. */
  readonly ifNoneMatch: string | undefined;
}

/** `count` is 1 for the first request of this method and path since the start or the last `clear`. */
export type ChooseFault = (request: {
  readonly method: string;
  readonly path: string;
  readonly count: number;
}) => Fault | undefined;

export interface FaultProxy {
  /** `http://127.0.0.1:<port>/` */
  readonly url: string;
  requests(): readonly SeenRequest[];
  setFaults(choose: ChooseFault): void;
  /** No faults, no requests seen. */
  clear(): void;
  /** Tears every connection down. Start again with the same port to come back. */
  stop(): Promise<void>;
}

interface Exchange {
  readonly target: URL;
  readonly incoming: IncomingMessage;
  readonly answer: ServerResponse;
}

/** An HTTP proxy in front of `target` that changes nothing but Host, and misbehaves when told to. */
export async function startFaultProxy(options: {
  readonly target: string;
  readonly port?: number;
}): Promise<FaultProxy> {
  const target = new URL(options.target);
  const seen: SeenRequest[] = [];
  const counts = new Map<string, number>();
  const sockets = new Set<Socket>();
  let chooseFault: ChooseFault = () => undefined;
  const server = createServer((incoming, answer) => {
    const { method = 'GET', url: path = '/' } = incoming;
    const { authorization, 'if-none-match': ifNoneMatch } = incoming.headers;
    seen.push({ method, path, authorization, ifNoneMatch });
    const count = (counts.get(`${method} ${path}`) ?? 0) + 1;
    counts.set(`${method} ${path}`, count);
    const exchange: Exchange = { target, incoming, answer };
    misbehave(exchange, chooseFault({ method, path, count })).catch(() => incoming.socket.destroy());
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
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
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function misbehave(exchange: Exchange, fault: Fault | undefined): Promise<void> {
  if (fault === undefined) return passOn(exchange);
  if (fault.kind === 'hang') {
    exchange.incoming.resume();
    return;
  }
  if (fault.kind === 'store-then-hang') {
    const body = await buffer(exchange.incoming);
    await fault.held?.();
    await buffer(await forward(exchange.target, exchange.incoming, Readable.from([body])));
    return;
  }
  if (fault.kind === 'reset' || fault.kind === 'store-then-drop') {
    return tearDown(exchange, fault.kind === 'reset' && fault.when === 'before-forwarding');
  }
  return isOwnAnswer(fault) ? answerOurselves(exchange, fault) : spoilAnswer(exchange, fault);
}

async function passOn({ target, incoming, answer }: Exchange): Promise<void> {
  const theirs = await forward(target, incoming, incoming);
  answer.writeHead(theirs.statusCode ?? 502, theirs.headers);
  theirs.on('error', () => answer.destroy());
  theirs.pipe(answer);
}

async function tearDown({ target, incoming }: Exchange, isBefore: boolean): Promise<void> {
  if (!isBefore) {
    const theirs = await forward(target, incoming, incoming);
    await buffer(theirs);
  }
  incoming.socket.resetAndDestroy();
}

const ownAnswers = ['status', 'html-200', 'redirect', 'accept-without-forwarding'] as const;
type OwnAnswer = Extract<Fault, { kind: (typeof ownAnswers)[number] }>;

function isOwnAnswer(fault: Fault): fault is OwnAnswer {
  return (ownAnswers as readonly string[]).includes(fault.kind);
}

async function answerOurselves({ incoming, answer }: Exchange, fault: OwnAnswer): Promise<void> {
  const isEarly = fault.kind === 'status' && fault.when === 'before-body';
  if (!isEarly) await buffer(incoming);
  switch (fault.kind) {
    case 'status':
      answer.writeHead(fault.status, fault.headers).end(fault.body ?? '');
      break;
    case 'html-200':
      answer.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Welcome</title>');
      break;
    case 'redirect':
      answer.writeHead(fault.status, { location: fault.to }).end();
      break;
    case 'accept-without-forwarding':
      answer.writeHead(201, { 'content-type': 'application/json' }).end('{"ok":"created new package"}');
      break;
  }
  incoming.resume();
}

type SpoiltAnswer = Extract<
  Fault,
  { kind: 'store-then-status' | 'half-answer' | 'dribble' | 'hide-version' }
>;

async function spoilAnswer({ target, incoming, answer }: Exchange, fault: SpoiltAnswer): Promise<void> {
  // The whole document is needed to spoil it, so the target must not say "not modified" or compress.
  delete incoming.headers['if-none-match'];
  delete incoming.headers['accept-encoding'];
  const theirs = await forward(target, incoming, incoming);
  const status = theirs.statusCode ?? 502;
  const body = await buffer(theirs);
  const contentType = theirs.headers['content-type'] ?? 'application/json';
  switch (fault.kind) {
    case 'store-then-status':
      answer.writeHead(fault.status, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>');
      return;
    case 'half-answer':
      answer.writeHead(status, { 'content-type': contentType, 'content-length': String(body.length) });
      answer.write(body.subarray(0, Math.floor(body.length / 2)), () => incoming.socket.destroy());
      return;
    case 'dribble':
      answer.writeHead(status, { 'content-type': contentType, 'content-length': String(body.length) });
      for (let at = 0; at < body.length && !answer.destroyed; at += fault.chunkBytes) {
        answer.write(body.subarray(at, at + fault.chunkBytes));
        await sleep(fault.everyMs);
      }
      answer.end();
      return;
    case 'hide-version':
      sendWithout(answer, status, body, fault.version);
  }
}

function sendWithout(answer: ServerResponse, status: number, body: Buffer, version: string): void {
  const packument = JSON.parse(body.toString()) as {
    versions?: Record<string, unknown>;
    'dist-tags'?: Record<string, string>;
  };
  const versions = packument.versions ?? {};
  delete versions[version];
  const distTags = packument['dist-tags'] ?? {};
  for (const [tag, tagged] of Object.entries(distTags)) if (tagged === version) delete distTags[tag];
  const isEmpty = Object.keys(versions).length === 0;
  answer.writeHead(isEmpty ? 404 : status, { 'content-type': 'application/json' });
  answer.end(isEmpty ? '{"error":"no such package available"}' : JSON.stringify(packument));
}

async function forward(target: URL, incoming: IncomingMessage, body: Readable): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: target.hostname,
        port: target.port,
        method: incoming.method ?? 'GET',
        path: incoming.url ?? '/',
        headers: { ...incoming.headers, host: target.host },
        agent: false,
      },
      resolve,
    );
    outgoing.on('error', reject);
    body.on('error', (error) => outgoing.destroy(error));
    body.pipe(outgoing);
  });
}
