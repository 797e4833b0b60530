import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { Clock } from '../../ports/clock.ts';
import { parseRetryAfter } from '../system/retry-after.ts';
import { codeOf } from './exchange.ts';
import { userAgent } from './put-task.ts';
import { RegistryTrouble, unavailable, unreadable, wordTarget } from './registry-trouble.ts';

export interface HttpCall {
  readonly method: 'GET' | 'PUT';
  /** Path relative to the registry's URL. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The answer is not text: `body` stays empty. */
  readonly binary?: true;
}

export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly etag: string | undefined;
  readonly body: string;
  readonly bytes: Buffer;
}

export interface HttpClient {
  /**
   * Returns complete answers below 500, except redirects, 401, 403 and 429. Everything else is thrown as
   * RegistryTrouble; an aborted signal throws its reason.
   */
  call(call: HttpCall, signal: AbortSignal): Promise<HttpAnswer>;
  /** Like `call`, but streams the body; the stream fails when no data moves for `requestTimeoutMs`. */
  open(call: HttpCall, signal: AbortSignal): Promise<OpenAnswer>;
  /** Returns any answer and streams its body; throws network errors. Ends when no data moves for `requestTimeoutMs`. */
  receive(call: HttpCall, signal: AbortSignal): Promise<IncomingMessage>;
  stop(): void;
}

export interface OpenAnswer {
  readonly status: number;
  readonly body: IncomingMessage;
}

export interface HttpClientOptions {
  readonly url: string;
  readonly token: () => string;
  /** Timeout for a complete answer. */
  readonly requestTimeoutMs: number;
  readonly clock: Clock;
}

const answerLimitBytes = 64 * 1024 * 1024;
const maxSockets = 16;

class CallTimeout extends Error {}
class AnswerTooLarge extends Error {}

/** Reuses connections to one origin; never follows redirects. */
export function buildHttpClient(options: HttpClientOptions): HttpClient {
  const { send, stop } = buildSender(options);
  const check = (response: IncomingMessage): void =>
    rejectTrouble(response, options.url, options.clock.now());
  const exchange = async (call: HttpCall, signal: AbortSignal): Promise<HttpAnswer> => {
    const response = await send(call, signal);
    const bytes = await readWhole(response);
    check(response);
    return toAnswer(response, bytes, call);
  };

  return {
    call: async (call, signal) => {
      const timeout = AbortSignal.timeout(options.requestTimeoutMs);
      const either = AbortSignal.any([signal, timeout]);
      try {
        return await retryStale(async () => exchange(call, either));
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        throw toTrouble(timeout.aborted ? new CallTimeout() : error, options.requestTimeoutMs);
      }
    },
    open: async (call, signal) => {
      try {
        const body = await retryStale(async () => send(call, signal));
        const status = body.statusCode ?? 0;
        if (status !== 200) body.destroy();
        check(body);
        return { status, body };
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        throw toTrouble(error, options.requestTimeoutMs);
      }
    },
    receive: async (call, signal) => retryStale(async () => send(call, signal)),
    stop,
  };
}

interface Sender {
  /**
   * Resolves with the head of the answer. Before and after that, the request ends when no data moves for
   * `requestTimeoutMs`.
   */
  readonly send: (call: HttpCall, signal: AbortSignal) => Promise<IncomingMessage>;
  readonly stop: () => void;
}

function buildSender(options: HttpClientOptions): Sender {
  const isTls = new URL(options.url).protocol === 'https:';
  const agent = isTls
    ? new HttpsAgent({ keepAlive: true, maxSockets })
    : new HttpAgent({ keepAlive: true, maxSockets });
  const open = isTls ? requestHttps : requestHttp;
  const send: Sender['send'] = async (call, signal) =>
    new Promise((resolve, reject) => {
      const token = options.token();
      const request = open(new URL(call.path, options.url), {
        method: call.method,
        agent,
        signal,
        headers: {
          accept: 'application/json',
          'accept-encoding': 'identity',
          'user-agent': userAgent,
          ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
          ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...call.headers,
        },
      });
      request.on('error', (error) => {
        const isStale = request.reusedSocket && codeOf(error) === 'ECONNRESET' && call.method === 'GET';
        reject(isStale && !signal.aborted ? new StaleConnection() : error);
      });
      request.setTimeout(options.requestTimeoutMs, () => request.destroy(new CallTimeout()));
      request.once('response', resolve);
      request.end(call.body);
    });
  return { send, stop: () => agent.destroy() };
}

/** The registry had closed a kept-alive connection before the request was sent on it. */
class StaleConnection extends Error {}

async function retryStale<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StaleConnection) || tries > maxSockets) throw error;
    }
  }
}

async function readWhole(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  if (Number(response.headers['content-length'] ?? 0) > answerLimitBytes) {
    response.destroy();
    throw new AnswerTooLarge();
  }
  for await (const chunk of response) {
    bytes += (chunk as Buffer).length;
    if (bytes > answerLimitBytes) throw new AnswerTooLarge();
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function toAnswer(response: IncomingMessage, bytes: Buffer, call: HttpCall): HttpAnswer {
  const { headers } = response;
  return {
    status: response.statusCode ?? 0,
    contentType: headers['content-type'] ?? '',
    etag: headers.etag,
    body: call.binary === true ? '' : bytes.toString('utf8'),
    bytes,
  };
}

function rejectTrouble(
  { headers, statusCode: status = 0 }: IncomingMessage,
  url: string,
  nowMs: number,
): void {
  if (status === 401 || status === 403) throw new RegistryTrouble({ kind: 'forbidden', status });
  if (status >= 300 && status < 400 && status !== 304) {
    throw new RegistryTrouble({ kind: 'forwarded', status, to: wordTarget(headers.location, url) });
  }
  if (status === 429 || status >= 500) {
    throw unavailable(`HTTP ${status}`, undefined, parseRetryAfter(headers['retry-after'], nowMs));
  }
}

function toTrouble(error: unknown, requestTimeoutMs: number): unknown {
  if (error instanceof RegistryTrouble) return error;
  if (error instanceof CallTimeout) {
    return unavailable(`no whole answer within ${requestTimeoutMs / 1000} s`, error);
  }
  if (error instanceof AnswerTooLarge) return unreadable('more than 64 MB came');
  return unavailable(
    codeOf(error) === 'ECONNREFUSED' ? 'connection refused' : `connection lost (${codeOf(error)})`,
    error,
  );
}
