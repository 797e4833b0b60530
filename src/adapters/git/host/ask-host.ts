import { Outage } from '../../../domain/failure/failure.ts';
import type { Slug } from '../../../domain/repository/repository.ts';
import { authorizationOf } from '../git-env.ts';
import { type RemoteDeps, repositoryUrlOf } from './fetch.ts';

const patienceMs = 15_000;

export interface HostRequest {
  readonly slug: Slug;
  /** Packet lines: one command of protocol v2 (gitprotocol-v2). */
  readonly body: string;
  /** How much of the answer is read; more is cut off. */
  readonly maxBytes: number;
}

/**
 * One command to the git host without a process of git's. Returns the beginning of the answer; undefined when the host
 * does not answer with 200 in git's own format. Throws Outage when it does not answer in time, or the signal's reason.
 */
export async function askHost(
  deps: Pick<RemoteDeps, 'serverUrl' | 'token'>,
  { slug, body, maxBytes }: HostRequest,
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  const header = authorizationOf(await deps.token(slug, signal));
  const timeout = AbortSignal.timeout(patienceMs);
  try {
    const response = await fetch(`${repositoryUrlOf(deps, slug)}/git-upload-pack`, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.any([signal, timeout]),
      headers: {
        'user-agent': 'git/2 upm-auto-publisher',
        'git-protocol': 'version=2',
        'content-type': 'application/x-git-upload-pack-request',
        ...(header === undefined ? {} : { authorization: header }),
      },
      body,
    });
    const isGit = response.headers.get('content-type') === 'application/x-git-upload-pack-result';
    if (response.status === 200 && isGit) return await readStart(response, maxBytes);
    await response.body?.cancel();
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.aborted)
      throw new Outage('git-host', 'down', 'no answer in time', undefined, { cause: error });
    return undefined;
  }
}

async function readStart({ body }: Response, maxBytes: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop cancels the rest.
  for await (const piece of body ?? []) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes >= maxBytes) break;
  }
  return Buffer.concat(pieces).subarray(0, maxBytes);
}

/** A line of git's protocol: its length in four hexadecimal digits, themselves included, and the text. */
export function packetLine(text: string): string {
  return (Buffer.byteLength(text) + 4).toString(16).padStart(4, '0') + text;
}
