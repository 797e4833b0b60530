import { createHmac } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { buildRedactor } from '../../src/domain/text/redact.ts';
import { buildServer, type ServerDeps } from '../../src/http/server.ts';
import type { Logger } from '../../src/ports/logger.ts';
import type { AcceptResult, DispatchPayload } from '../../src/publisher/dispatch/accept-dispatch.ts';
import type { ComponentState, Readiness } from '../../src/publisher/queue/readiness.ts';

export const secret = 'a-secret-of-the-tests-0123456789';
export const commit = '0123456789abcdef0123456789abcdef01234567';
export const payload = { repository: 'studio/tools', commit_sha: commit };

export function sign(body: string | Buffer, key = secret): string {
  return `sha256=${createHmac('sha256', key).update(body).digest('hex')}`;
}

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly fields: unknown;
}

export interface Running {
  readonly url: string;
  readonly port: number;
  /** Dispatches that reached the use case. */
  readonly accepted: DispatchPayload[];
  readonly log: LogLine[];
  close(): Promise<void>;
  /** Sends POST /dispatch with these bytes, signed unless a signature (or null for none) is given. */
  post(body: string | Buffer, options?: PostOptions): Promise<Response>;
}

export interface PostOptions {
  readonly signature?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

const ok: ComponentState = { state: 'ok', since: null, why: null };
export const allOk: Readiness = { store: ok, queue: ok, registry: ok, github: ok, discord: ok, gemini: ok };

export async function start(overrides: Partial<ServerDeps> = {}, port = 0): Promise<Running> {
  const accepted: DispatchPayload[] = [];
  const log: LogLine[] = [];
  const note =
    (level: string): Logger['info'] =>
    (message, fields) =>
      void log.push({ level, message, fields });
  const result: AcceptResult = {
    kind: 'accepted',
    acceptance: { id: 'dispatch-1', job: 7, status: 'queued', duplicate: false },
  };
  const server = await buildServer({
    acceptDispatch: async (dispatch) => {
      accepted.push(dispatch);
      return result;
    },
    findReport: async () => undefined,
    readiness: async () => allOk,
    depth: async () => ({ queued: 3, running: 2, parked: 1 }),
    dispatchSecrets: () => [secret],
    trustProxy: false,
    logger: { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') },
    redact: buildRedactor(() => [secret]),
    ...overrides,
  });
  const url = await server.listen({ host: '127.0.0.1', port });
  return {
    url,
    port: Number(new URL(url).port),
    accepted,
    log,
    close: async () => server.close(),
    post: async (body, { signature = sign(body), headers = {} } = {}) =>
      fetch(`${url}/dispatch`, {
        method: 'POST',
        body: typeof body === 'string' ? body : new Uint8Array(body),
        headers: {
          'content-type': 'application/json',
          ...(signature === null ? {} : { 'x-hub-signature-256': signature }),
          ...headers,
        },
      }),
  };
}

/** Starts a server for one test, which is closed after it. */
export async function boot(overrides: Partial<ServerDeps> = {}): Promise<Running> {
  const running = await start(overrides);
  onTestFinished(async () => running.close());
  return running;
}
