import { randomUUID } from 'node:crypto';
import { throttling } from '@octokit/plugin-throttling';
import { Octokit } from '@octokit/rest';
import type { Slug } from '../../domain/repository/repository.ts';
import type { Clock } from '../../ports/clock.ts';
import type { GitCredentials, TokenUse } from '../../ports/git.ts';
import { buildAnewAfterStep } from '../system/after-step.ts';
import { explainError, statusOf } from './explain-error.ts';
import { buildSameOriginFetch } from './same-origin-fetch.ts';

export interface GitHubApiOptions {
  /** GITHUB_API_URL, without a trailing slash. */
  readonly apiUrl: string;
  readonly credentials: GitCredentials;
  /** Timeout for one request. */
  readonly timeoutMs: number;
  /** Keeps a second between writes and three between pull requests, as GitHub asks; true by default. */
  readonly pacesWrites?: boolean;
  readonly clock: Clock;
}

/** Passed to every request of a call. */
export interface RequestOptions {
  readonly headers: { readonly authorization?: string };
  readonly request: { readonly signal: AbortSignal };
}

export interface RepositoryNames {
  readonly owner: string;
  readonly repo: string;
}

export type ThrottledOctokit = InstanceType<typeof Throttled>;

export interface Calling {
  readonly octokit: ThrottledOctokit;
  readonly names: RepositoryNames;
  readonly options: RequestOptions;
}

export interface GitHubApi {
  /**
   * Runs `work` with a token for the repository; a refused token is renewed once. Statuses that `work` does not catch
   * are thrown as Outage('git-host') or PublishError (repository-forbidden, repository-unavailable).
   */
  call<T>(slug: Slug, use: TokenUse, signal: AbortSignal, work: (calling: Calling) => Promise<T>): Promise<T>;
}

const Throttled = Octokit.plugin(throttling);
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/**
 * Builds Octokit without retries, which are the queue's task; writes are a second apart, as GitHub asks. A pause that
 * GitHub asks for is thrown with its length instead of waited for here.
 */
export function buildOctokit(apiUrl: string, timeoutMs: number, pacesWrites = true): ThrottledOctokit {
  return new Throttled({
    baseUrl: apiUrl,
    userAgent: 'upm-auto-publisher',
    log: silent,
    request: { fetch: buildSameOriginFetch(apiUrl, timeoutMs) },
    throttle: {
      enabled: pacesWrites,
      id: randomUUID(),
      onRateLimit: () => false,
      onSecondaryRateLimit: () => false,
    },
  });
}

export function buildGitHubApi(options: GitHubApiOptions): GitHubApi {
  const { credentials, clock } = options;
  // Octokit's pacing of writes uses the host's clock.
  const findOctokit = buildAnewAfterStep(clock, () =>
    buildOctokit(options.apiUrl, options.timeoutMs, options.pacesWrites),
  );

  async function attempt<T>(
    slug: Slug,
    use: TokenUse,
    signal: AbortSignal,
    work: (calling: Calling) => Promise<T>,
  ): Promise<T> {
    const token = await credentials.tokenFor(slug, use, signal);
    const headers = token === undefined ? {} : { authorization: `token ${token}` };
    return untilAborted(
      work({ octokit: findOctokit(), names: namesOf(slug), options: { headers, request: { signal } } }),
      signal,
    );
  }

  return {
    call: async (slug, use, signal, work) => {
      try {
        return await attempt(slug, use, signal, work).catch(async (error: unknown) => {
          if (signal.aborted || statusOf(error) !== 401 || !credentials.renew(slug)) throw error;
          return attempt(slug, use, signal, work);
        });
      } catch (error) {
        signal.throwIfAborted();
        throw explainError(error, slug, clock.now());
      }
    },
  };
}

export function namesOf(slug: Slug): RepositoryNames {
  const [owner = '', repo = ''] = slug.split('/');
  return { owner, repo };
}

/** Rejects as soon as the signal aborts, because a request in Octokit's queue ignores its signal. */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort);
  try {
    signal.throwIfAborted();
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
    work.catch(() => undefined);
  }
}
