import { z } from 'zod';
import { Outage } from '../../domain/failure/failure.ts';
import type { LfsPointer } from '../../domain/package/lfs-pointer.ts';
import type { Slug } from '../../domain/repository/repository.ts';
import type { Clock } from '../../ports/clock.ts';
import { authorizationOf } from '../git/git-env.ts';
import type { FindToken } from '../git/host/fetch.ts';
import { wordNetworkError } from '../system/network-error.ts';
import { readBody } from '../system/read-body.ts';
import { parseRetryAfter } from '../system/retry-after.ts';

export interface LfsHost {
  /** GITHUB_SERVER_URL, without a trailing slash. */
  readonly serverUrl: string;
  readonly token: FindToken;
  /** Called after a token was refused; true when the next call of `token` gives a different one. */
  readonly renewToken?: (slug: Slug) => boolean;
  readonly clock: Clock;
  /** Timeout for one object; requests for addresses wait at most a minute. */
  readonly timeoutMs: number;
  /** Timeout for the first byte of an object, and between two pieces of it. */
  readonly silenceMs: number;
}

/** The address of an object, or why it cannot be obtained. */
export type Located =
  | { readonly kind: 'there'; readonly href: string; readonly headers: Readonly<Record<string, string>> }
  | { readonly kind: 'missing'; readonly why: string };

const mediaType = 'application/vnd.git-lfs+json';
const answerBytesMax = 4 * 1024 * 1024;
/** Addresses are answered quickly, unlike the objects themselves. */
const answerTimeoutMs = 60_000;

/** Only the fields that are used; a server may send many more. */
const batchAnswer = z.object({
  transfer: z.string().optional(),
  objects: z.array(
    z.object({
      oid: z.string(),
      actions: z
        .object({
          download: z
            .object({ href: z.string(), header: z.record(z.string(), z.string()).optional() })
            .optional(),
        })
        .optional(),
      error: z.object({ code: z.number() }).optional(),
    }),
  ),
});

type BatchAnswer = z.infer<typeof batchAnswer>;

/**
 * Asks the git host where the objects are; returns the answers by oid. The address comes from our settings, so a
 * `.lfsconfig` in the repository cannot send our token elsewhere. Throws Outage('git-host').
 */
export async function askBatch(
  host: LfsHost,
  slug: Slug,
  objects: readonly LfsPointer[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Located>> {
  const all = (located: Located): ReadonlyMap<string, Located> =>
    new Map(objects.map(({ oid }) => [oid, located]));
  let answer = await post(host, slug, objects, signal);
  if (answer.status === 401 && answer.hadToken && host.renewToken?.(slug) === true) {
    answer = await post(host, slug, objects, signal);
  }
  const why = explainStatus(host, answer);
  if (why !== undefined) return all({ kind: 'missing', why });
  const parsed = batchAnswer.safeParse(answer.json);
  // The answer says nothing about any object; it may be the page of a proxy.
  if (!parsed.success) throw new Outage('git-host', 'down', 'Git LFS: its answer cannot be read');
  const { transfer = 'basic', objects: answers } = parsed.data;
  if (transfer !== 'basic') return all({ kind: 'missing', why: 'the git host offers no plain download' });
  const found = new Map(answers.map((object) => [object.oid, locate(object)]));
  const absent: Located = { kind: 'missing', why: 'the git host does not have it' };
  return new Map(objects.map(({ oid }) => [oid, found.get(oid) ?? absent]));
}

function locate({ actions, error }: BatchAnswer['objects'][number]): Located {
  if (error !== undefined) {
    if (error.code >= 500 && error.code !== quotaCode)
      throw new Outage('git-host', 'down', wordLfs(error.code));
    return { kind: 'missing', why: explainCode(error.code) };
  }
  const download = actions?.download;
  if (download === undefined) return { kind: 'missing', why: 'the git host does not have it' };
  return { kind: 'there', href: download.href, headers: download.header ?? {} };
}

/** The specification's codes for an exhausted traffic quota, and for a server without the batch API. */
const quotaCode = 509;
const noLfsCode = 501;

function isDown(status: number): boolean {
  return status === 429 || (status >= 500 && status !== quotaCode && status !== noLfsCode);
}

function wordLfs(status: number): string {
  return `Git LFS: HTTP ${status}`;
}

/** Explains the status code of one object or of its download. */
export function explainCode(code: number): string {
  if (code === 404) return 'the git host does not have it';
  if (code === 410) return 'it was removed from the git host';
  if (code === 401 || code === 403) return `the git host does not let us have it (${code})`;
  if (code === quotaCode) return 'the repository’s Git LFS traffic is used up';
  return `the git host answers ${code}`;
}

interface Posted {
  readonly status: number;
  readonly hadToken: boolean;
  readonly retryAfter: string | undefined;
  readonly json: unknown;
}

/**
 * Returns why no object can be obtained; undefined when the answer's body is to be read. Throws when the host is down.
 */
function explainStatus(host: LfsHost, { status, hadToken, retryAfter }: Posted): string | undefined {
  if (status === 200) return undefined;
  if (status === 401 && hadToken) {
    throw new Outage('git-host', 'credentials', 'the git host refuses our token (Git LFS: HTTP 401)');
  }
  if (status === 404 || status === noLfsCode)
    return `the git host has no Git LFS for this repository (${status})`;
  if (isDown(status)) {
    throw new Outage('git-host', 'down', wordLfs(status), parseRetryAfter(retryAfter, host.clock.now()));
  }
  if (status >= 300 && status < 400) return 'the git host redirects; the repository may have been renamed';
  return explainCode(status);
}

async function post(
  host: LfsHost,
  slug: Slug,
  objects: readonly LfsPointer[],
  signal: AbortSignal,
): Promise<Posted> {
  const header = authorizationOf(await host.token(slug, signal));
  const body = JSON.stringify({
    operation: 'download',
    transfers: ['basic'],
    objects: objects.map(({ oid, bytes }) => ({ oid, size: bytes })),
    hash_algo: 'sha256',
  });
  try {
    const response = await fetch(`${host.serverUrl}/${slug}.git/info/lfs/objects/batch`, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(Math.min(host.timeoutMs, answerTimeoutMs))]),
      headers: {
        accept: mediaType,
        'content-type': mediaType,
        'user-agent': 'git-lfs/3 upm-auto-publisher',
        ...(header === undefined ? {} : { authorization: header }),
      },
      body,
    });
    const { status } = response;
    const retryAfter = response.headers.get('retry-after') ?? undefined;
    return { status, hadToken: header !== undefined, retryAfter, json: await readJson(response) };
  } catch (error) {
    signal.throwIfAborted();
    throw new Outage('git-host', 'down', `Git LFS: ${wordNetworkError(error)}`, undefined, { cause: error });
  }
}

/** Undefined when the body is not JSON. Rejects with UnusableAnswer when it is too long. */
async function readJson(response: Response): Promise<unknown> {
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel();
    return undefined;
  }
  const bytes = await readBody(response, answerBytesMax);
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
