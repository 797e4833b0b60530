import type { ClientRequest, IncomingMessage } from 'node:http';

export interface Answer {
  readonly kind: 'answer';
  readonly status: number;
  readonly contentType: string;
  readonly retryAfter: string | undefined;
  /** The Location header of a redirect, unchanged. */
  readonly location: string | undefined;
  /** True when the registry asks for a one-time password. */
  readonly asksForOtp: boolean;
  /** The first 64 KiB of the body. */
  readonly body: string;
  /** False when the connection was lost within the body, or the body is longer than 64 KiB. */
  readonly isComplete: boolean;
}

/** The result of one request. `detail` is one short phrase without secrets. */
export type Exchange =
  | Answer
  /** No connection was made: the registry has not seen the request. */
  | { readonly kind: 'never-sent'; readonly detail: string }
  /** The connection was lost before an answer. */
  | { readonly kind: 'broken'; readonly detail: string }
  /** We gave up because no data moved for too long. */
  | { readonly kind: 'silent'; readonly detail: string };

const bodyLimit = 64 * 1024;

/**
 * Watches a request until it ends; call it in the tick that created the request. The request is ended when no data
 * moves in either direction for `idleTimeoutMs`. Never rejects.
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
        // For a long write, Node counts data accepted by the kernel as movement.
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

/** Reads the raw headers, because `location` is deleted from the parsed headers so that no library follows it. */
function findLocation({ rawHeaders }: IncomingMessage): string | undefined {
  const at = rawHeaders.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'location');
  return at < 0 ? undefined : rawHeaders[at + 1];
}

/** Returns a system error's code, which is safe to show, unlike its message. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'closed';
}
