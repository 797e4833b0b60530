import type { ClientRequest, IncomingMessage } from 'node:http';

export interface Answer {
  readonly kind: 'answer';
  readonly status: number;
  readonly contentType: string;
  readonly retryAfter: string | undefined;
  /** Where a redirect leads, as it was written. */
  readonly location: string | undefined;
  /** It asks for a one-time password. */
  readonly asksForOtp: boolean;
  /** The first 64 KiB. */
  readonly body: string;
  /** The connection was not lost in the middle of it. */
  readonly isComplete: boolean;
}

/** What one request came to. Details are one short phrase without secrets. */
export type Exchange =
  | Answer
  /** No connection was made: the registry has not seen it. */
  | { readonly kind: 'never-sent'; readonly detail: string }
  /** The connection was lost before an answer. */
  | { readonly kind: 'broken'; readonly detail: string }
  /** We gave up: nothing moved for too long. */
  | { readonly kind: 'silent'; readonly detail: string };

const bodyLimit = 64 * 1024;

/**
 * Watches a request from its creation (same tick) to its end. Nothing moving in either direction for `idleTimeoutMs`
 * ends it. Never rejects.
 */
export async function watchExchange(request: ClientRequest, idleTimeoutMs: number): Promise<Exchange> {
  let isConnected = false;
  let isSilent = false;
  return new Promise((resolve) => {
    const timer = setTimeout(giveUp, idleTimeoutMs);
    function giveUp(): void {
      isSilent = true;
      request.destroy();
    }
    request.on('socket', (socket) => {
      socket.once('connect', () => {
        clearTimeout(timer);
        // Node counts what the kernel takes of a long write as movement.
        socket.setTimeout(idleTimeoutMs, giveUp);
      });
      socket.once('encrypted' in socket ? 'secureConnect' : 'connect', () => {
        isConnected = true;
      });
    });
    const fail = (error: unknown): void => {
      clearTimeout(timer);
      const code = codeOf(error);
      if (isSilent && isConnected)
        resolve({ kind: 'silent', detail: `nothing moved for ${idleTimeoutMs / 1000} s` });
      else if (isConnected) resolve({ kind: 'broken', detail: `connection lost (${code})` });
      else resolve({ kind: 'never-sent', detail: `no connection (${isSilent ? 'ETIMEDOUT' : code})` });
    };
    let isAnswered = false;
    request.on('error', (error) => {
      if (!isAnswered) fail(error);
    });
    request.once('close', () => {
      if (!isAnswered) fail(undefined);
    });
    request.once('response', (response: IncomingMessage) => {
      isAnswered = true;
      void readAnswer(response).then(resolve);
    });
  });
}

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const { headers, statusCode } = response;
  const chunks: Buffer[] = [];
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    if (bytes < bodyLimit) chunks.push(chunk);
    bytes += chunk.length;
  });
  response.on('error', () => undefined);
  return new Promise((resolve) => {
    const end = (): void =>
      resolve({
        kind: 'answer',
        status: statusCode ?? 0,
        contentType: headers['content-type'] ?? '',
        retryAfter: headers['retry-after'],
        location: findLocation(response),
        asksForOtp: headers['npm-otp'] !== undefined || /\botp\b/i.test(headers['www-authenticate'] ?? ''),
        body: Buffer.concat(chunks).toString('utf8').slice(0, bodyLimit),
        isComplete: response.complete && bytes <= bodyLimit,
      });
    // An answer may end while the request is still being sent.
    response.once('end', end).once('close', end);
  });
}

/** From the raw headers: the parsed one is taken away from whoever would follow it. */
function findLocation({ rawHeaders }: IncomingMessage): string | undefined {
  const at = rawHeaders.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'location');
  return at < 0 ? undefined : rawHeaders[at + 1];
}

/** A system error's code: safe to show, unlike its message. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'closed';
}
