import { failure, Outage, PublishError } from '../../../domain/failure/failure.ts';
import type { Slug } from '../../../domain/repository/repository.ts';
import { wordNetworkError } from '../../system/network-error.ts';
import { parseRetryAfter } from '../../system/retry-after.ts';
import { authorizationOf } from '../git-env.ts';

export interface ProbeOptions {
  readonly repositoryUrl: string;
  readonly slug: Slug;
  readonly token: string | undefined;
  readonly signal: AbortSignal;
  readonly now: number;
}

const probeTimeoutMs = 15_000;

/**
 * Asks the git host for the repository's refs over plain HTTP, because git tells what went wrong only in words.
 * Resolves when the repository can be read. Throws Outage, or PublishError repository-forbidden / repository-unavailable.
 */
export async function probeHost(options: ProbeOptions): Promise<void> {
  const answer = await ask(options);
  const { status } = answer;
  if (status === 200) {
    if (answer.isGit) return;
    // A page that stands between us and the host; git itself only says that this is no repository.
    throw new Outage('git-host', 'down', 'HTTP 200, but not from a git server');
  }
  if (status === 429 || status >= 500) {
    throw new Outage('git-host', 'down', `HTTP ${status}`, parseRetryAfter(answer.retryAfter, options.now));
  }
  if (status === 401 && options.token !== undefined) {
    throw new Outage('git-host', 'credentials', 'the git host refuses our token (HTTP 401)');
  }
  if (status === 401 || status === 403) {
    throw new PublishError(failure('repository-forbidden', { repository: options.slug }));
  }
  const detail = status === 404 ? 'not found on the git host' : `the git host answers HTTP ${status}`;
  throw new PublishError(failure('repository-unavailable', { repository: options.slug, detail }));
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** It speaks git's protocol. */
  readonly isGit: boolean;
}

async function ask(options: ProbeOptions): Promise<Answer> {
  const header = authorizationOf(options.token);
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(probeTimeoutMs)]);
  try {
    const response = await fetch(`${options.repositoryUrl}/info/refs?service=git-upload-pack`, {
      redirect: 'manual',
      signal,
      headers: {
        'user-agent': 'git/2 upm-auto-publisher',
        ...(header === undefined ? {} : { authorization: header }),
      },
    });
    // Only the status counts; a repository with many refs answers at length.
    await response.body?.cancel();
    const { status, headers } = response;
    const isGit = headers.get('content-type') === 'application/x-git-upload-pack-advertisement';
    return { status, retryAfter: headers.get('retry-after') ?? undefined, isGit };
  } catch (error) {
    options.signal.throwIfAborted();
    throw new Outage('git-host', 'down', wordNetworkError(error), undefined, { cause: error });
  }
}
