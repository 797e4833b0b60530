import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

export type Fault =
  /**
   * Answers without the target. `before-body` answers at once (and swallows the body); `after-body` reads it first.
   */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
      readonly when?: 'before-body' | 'after-body';
    }
  /** Resets the socket before anything is forwarded, or after the target has answered. */
  | { readonly kind: 'reset'; readonly when: 'before-forwarding' | 'after-forwarding' }
  /** Never answers. */
  | { readonly kind: 'hang' }
  /** Forwards the request after a delay. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Sends a body without an end, as fast as the client reads; `closed` gets the number of bytes sent. */
  | {
      readonly kind: 'endless';
      readonly status?: number;
      readonly contentType?: string;
      readonly closed?: (bytes: number) => void;
    }
  /** Sends the target's answer a few bytes at a time. */
  | { readonly kind: 'dribble'; readonly chunkBytes: number; readonly everyMs: number }
  /** Answers 200 with a page, like a captive portal. */
  | { readonly kind: 'html-200' }
  /** Cuts the target's answer in the middle of its body. */
  | { readonly kind: 'half-answer' }
  /** Forwards the request and then resets the client's connection. */
  | { readonly kind: 'store-then-drop' }
  /** Forwards the request once `held` (called with all of it received) resolves; the client never gets an answer. */
  | { readonly kind: 'store-then-hang'; readonly held?: () => Promise<void> }
  /** Forwards the request and answers the client with this instead: a gateway's error page when `body` is left out. */
  | {
      readonly kind: 'store-then-status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** Answers 201 and JSON without forwarding anything. */
  | { readonly kind: 'accept-without-forwarding' }
  | { readonly kind: 'redirect'; readonly status: 301 | 302 | 303 | 307 | 308; readonly to: string }
  /** Answers the packument as it was before this version; 404 when it was the only one. */
  | { readonly kind: 'hide-version'; readonly version: string };

export interface Exchange {
  readonly target: URL;
  readonly incoming: IncomingMessage;
  /** The request's body; already read where the fault depends on it. */
  readonly body: Readable;
  readonly answer: ServerResponse;
}

const endlessPieceBytes = 64 * 1024;

/** Forwards a request, or does what the fault says instead. Rejects when the target cannot be reached. */
export async function misbehave(exchange: Exchange, fault: Fault | undefined): Promise<void> {
  if (fault === undefined) return passOn(exchange);
  switch (fault.kind) {
    case 'hang':
    case 'delay':
    case 'store-then-hang':
      return letWait(exchange, fault);
    case 'reset':
    case 'store-then-drop':
      return tearDown(exchange, fault);
    case 'endless':
      return answerWithoutEnd(exchange, fault);
    default:
      return isOwnAnswer(fault) ? answerOurselves(exchange, fault) : spoilAnswer(exchange, fault);
  }
}

type Waiting = Extract<Fault, { kind: 'hang' | 'delay' | 'store-then-hang' }>;

async function letWait(exchange: Exchange, fault: Waiting): Promise<void> {
  switch (fault.kind) {
    case 'hang':
      exchange.incoming.resume();
      return;
    case 'delay':
      await sleep(fault.ms);
      return passOn(exchange);
    case 'store-then-hang': {
      const body = await buffer(exchange.body);
      await fault.held?.();
      await buffer(await forward(exchange.target, exchange.incoming, Readable.from([body])));
    }
  }
}

async function passOn({ target, incoming, body, answer }: Exchange): Promise<void> {
  const theirs = await forward(target, incoming, body);
  answer.writeHead(theirs.statusCode ?? 502, theirs.headers);
  theirs.on('error', () => answer.destroy());
  theirs.pipe(answer);
}

async function tearDown(
  { target, incoming, body }: Exchange,
  fault: Extract<Fault, { kind: 'reset' | 'store-then-drop' }>,
): Promise<void> {
  if (fault.kind === 'store-then-drop' || fault.when === 'after-forwarding') {
    const theirs = await forward(target, incoming, body);
    await buffer(theirs);
  }
  incoming.socket.resetAndDestroy();
}

const ownAnswers = ['status', 'html-200', 'redirect', 'accept-without-forwarding'] as const;
type OwnAnswer = Extract<Fault, { kind: (typeof ownAnswers)[number] }>;

function isOwnAnswer(fault: Fault): fault is OwnAnswer {
  return (ownAnswers as readonly string[]).includes(fault.kind);
}

async function answerOurselves({ incoming, body, answer }: Exchange, fault: OwnAnswer): Promise<void> {
  const isEarly = fault.kind === 'status' && fault.when === 'before-body';
  if (!isEarly) await buffer(body);
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

async function answerWithoutEnd(
  { body, answer }: Exchange,
  fault: Extract<Fault, { kind: 'endless' }>,
): Promise<void> {
  await buffer(body);
  const { status = 200, contentType = 'application/json', closed = () => undefined } = fault;
  answer.writeHead(status, { 'content-type': contentType });
  let bytes = 0;
  function* pieces(): Generator<string> {
    // Starts a text that never ends in JSON, and mere noise in any other format.
    yield '["';
    const piece = 'a'.repeat(endlessPieceBytes);
    for (;;) {
      bytes += endlessPieceBytes;
      yield piece;
    }
  }
  // Ends when the client has gone.
  await pipeline(Readable.from(pieces(), { highWaterMark: 1 }), answer).catch(() => undefined);
  closed(bytes);
}

type SpoiltAnswer = Extract<
  Fault,
  { kind: 'store-then-status' | 'half-answer' | 'dribble' | 'hide-version' }
>;

async function spoilAnswer(exchange: Exchange, fault: SpoiltAnswer): Promise<void> {
  const { target, incoming, answer } = exchange;
  // Asks for the whole document, which must be complete to be spoilt: not "not modified", not compressed.
  delete incoming.headers['if-none-match'];
  delete incoming.headers['accept-encoding'];
  const theirs = await forward(target, incoming, exchange.body);
  const status = theirs.statusCode ?? 502;
  const body = await buffer(theirs);
  const contentType = theirs.headers['content-type'] ?? 'application/json';
  switch (fault.kind) {
    case 'store-then-status':
      answer.writeHead(fault.status, { 'content-type': 'text/html', ...fault.headers });
      answer.end(fault.body ?? '<h1>Bad gateway</h1>');
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
