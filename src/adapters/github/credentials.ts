import { createAppAuth } from '@octokit/auth-app';
import { z } from 'zod';
import { failure, Outage, PublishError } from '../../domain/failure/failure.ts';
import type { Slug } from '../../domain/repository/repository.ts';
import type { Clock } from '../../ports/clock.ts';
import type { GitCredentials, TokenUse } from '../../ports/git.ts';
import { buildAnewAfterStep } from '../system/after-step.ts';
import { UnusableAnswer } from '../system/read-body.ts';
import { readShape } from './answers.ts';
import { buildOctokit, type Calling, namesOf, type ThrottledOctokit, untilAborted } from './api-client.ts';
import { explainError, statusOf } from './explain-error.ts';
import { expiryHeader, parseExpiry } from './token-facts.ts';

export interface AppIdentity {
  /** GITHUB_APP_ID. */
  readonly appId: string;
  /** PEM, PKCS#1 or PKCS#8. */
  readonly privateKey: string;
}

export interface CredentialsOptions {
  /** GITHUB_API_URL, without a trailing slash. */
  readonly apiUrl: string;
  /** Called for each request, because the key can be rotated. The App takes precedence over the token. */
  readonly app: () => AppIdentity | undefined;
  readonly token: () => string | undefined;
  /** Timeout for one request. */
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/**
 * Permissions of a token by its use. GitHub refuses a token with more permissions than the App was granted, so each use
 * requests only what it needs.
 */
const permissions = {
  read: { contents: 'read', metadata: 'read' },
  write: { contents: 'write', metadata: 'read', pull_requests: 'write' },
  workflows: { contents: 'write', metadata: 'read', pull_requests: 'write', workflows: 'write' },
  checks: { checks: 'write', metadata: 'read' },
  statuses: { metadata: 'read', statuses: 'write' },
} as const satisfies Record<TokenUse, Readonly<Record<string, string>>>;

/** Requests that only the App itself may make. */
export interface AppCalls {
  /** Undefined when no App is configured. Throws Outage('git-host'). */
  asApp<T>(
    signal: AbortSignal,
    work: (calling: Omit<Calling, 'names'>) => Promise<T>,
  ): Promise<T | undefined>;
}

/** Uses the GitHub App when one is configured, else the personal token, else no credentials. */
export function buildGitHubCredentials(options: CredentialsOptions): GitCredentials & AppCalls {
  const findOctokit = buildAnewAfterStep(options.clock, () =>
    buildOctokit(options.apiUrl, options.timeoutMs),
  );
  const identity = new AppTokens(options, findOctokit);
  return {
    tokenFor: async (slug, use, signal) => {
      const app = options.app();
      return app === undefined ? options.token() : identity.tokenFor(app, slug, use, signal);
    },
    asApp: async (signal, work) => {
      const app = options.app();
      return app === undefined ? undefined : identity.asApp(app, signal, work);
    },
    renew: (slug) => options.app() !== undefined && identity.renew(slug),
    probe: async (signal) => {
      const app = options.app();
      // An App's key does not expire.
      if (app !== undefined) return identity.probe(app, signal);
      const token = options.token();
      if (token === undefined) return undefined;
      const headers = { authorization: `token ${token}` };
      // This request works with every kind of token and does not count towards the rate limit. A self-hosted server
      // with rate limits disabled answers 404.
      const { rest } = findOctokit();
      const asked = rest.rateLimit.get({ headers, request: { signal } }).catch((error: unknown) => {
        if (statusOf(error) !== 404) throw error;
        return undefined;
      });
      const answer = await explained(asked, undefined, signal, options.clock);
      return parseExpiry((answer?.headers as Readonly<Record<string, unknown>> | undefined)?.[expiryHeader]);
    },
  };
}

const idShape = z.object({ id: z.int() });
const issuedShape = z.object({ token: z.string().min(1) });

type AppAuth = ReturnType<typeof createAppAuth>;

/** The App's installation and the id of a repository. */
interface Place {
  readonly installationId: number;
  readonly repositoryId: number;
}

interface TokenRequest {
  readonly installationId: number;
  readonly repositoryIds?: number[];
  readonly permissions: Record<string, string>;
  /** True to bypass the cache of tokens. */
  readonly refresh?: boolean;
}

class AppTokens {
  readonly #options: CredentialsOptions;
  readonly #findOctokit: () => ThrottledOctokit;
  /** Keyed by the slug in lower case. */
  readonly #places = new Map<string, Place>();
  readonly #refused = new Set<string>();
  #auth: { readonly of: string; readonly octokit: ThrottledOctokit; readonly auth: AppAuth } | undefined;

  constructor(options: CredentialsOptions, findOctokit: () => ThrottledOctokit) {
    this.#options = options;
    this.#findOctokit = findOctokit;
  }

  async tokenFor(app: AppIdentity, slug: Slug, use: TokenUse, signal: AbortSignal): Promise<string> {
    const key = slug.toLowerCase();
    const auth = this.#authOf(app);
    try {
      const place = this.#places.get(key) ?? (await this.#findPlace(auth, slug, signal));
      this.#places.set(key, place);
      const { installationId, repositoryId } = place;
      const refresh = this.#refused.delete(`${key} ${use}`);
      const asked = {
        installationId,
        repositoryIds: [repositoryId],
        permissions: { ...permissions[use] },
        refresh,
      };
      return await this.#issue(auth, slug, asked, signal);
    } catch (error) {
      // The App may have been uninstalled, moved or suspended: the next call looks the installation up again.
      this.#places.delete(key);
      if (!(error instanceof PublishError)) throw error;
      throw new PublishError(failure('repository-forbidden', { repository: slug }), { cause: error });
    }
  }

  renew(slug: Slug): boolean {
    for (const use of Object.keys(permissions)) this.#refused.add(`${slug.toLowerCase()} ${use}`);
    return true;
  }

  async asApp<T>(
    app: AppIdentity,
    signal: AbortSignal,
    work: (calling: Omit<Calling, 'names'>) => Promise<T>,
  ): Promise<T> {
    const headers = await this.#signedHeaders(this.#authOf(app), signal);
    const calling = { octokit: this.#findOctokit(), options: { headers, request: { signal } } };
    return explained(work(calling), undefined, signal, this.#options.clock);
  }

  async probe(app: AppIdentity, signal: AbortSignal): Promise<undefined> {
    await this.asApp(app, signal, async ({ octokit, options }) =>
      octokit.rest.apps.getAuthenticated({ ...options }),
    );
  }

  #authOf(app: AppIdentity): AppAuth {
    const of = `${app.appId} ${app.privateKey}`;
    const octokit = this.#findOctokit();
    if (this.#auth?.of !== of || this.#auth.octokit !== octokit) {
      const auth = createAppAuth({ ...app, request: octokit.request });
      this.#auth = { of, octokit, auth };
    }
    return this.#auth.auth;
  }

  /** Returns ids, because tokens for a renamed repository cannot be requested by its old name. */
  async #findPlace(auth: AppAuth, slug: Slug, signal: AbortSignal): Promise<Place> {
    const { clock } = this.#options;
    const request = { signal };
    const signed = await this.#signedHeaders(auth, signal);
    const { apps, repos } = this.#findOctokit().rest;
    const asked = apps.getRepoInstallation({ ...namesOf(slug), headers: signed, request });
    const installationId = await explained(idOf(asked), slug, signal, clock);
    // This request is rare, so it bypasses the cache, in which the token might have been revoked.
    const looking = { installationId, permissions: { metadata: 'read' }, refresh: true };
    const token = await this.#issue(auth, slug, looking, signal);
    const headers = { authorization: `token ${token}` };
    const found = repos.get({ ...namesOf(slug), headers, request });
    return { installationId, repositoryId: await explained(idOf(found), slug, signal, clock) };
  }

  async #issue(auth: AppAuth, slug: Slug, asked: TokenRequest, signal: AbortSignal): Promise<string> {
    const answer = auth({ type: 'installation', ...asked });
    const issued = answer
      .then((data) => readShape(issuedShape, data))
      .catch((error: unknown) => {
        // The library caches what it was given, even an answer without a token.
        if (error instanceof UnusableAnswer) this.#auth = undefined;
        throw error;
      });
    return (await explained(issued, slug, signal, this.#options.clock)).token;
  }

  async #signedHeaders(auth: AppAuth, signal: AbortSignal): Promise<{ readonly authorization: string }> {
    const { token } = await untilAborted(auth({ type: 'app' }), signal).catch((error: unknown) => {
      signal.throwIfAborted();
      const detail = 'GITHUB_APP_PRIVATE_KEY cannot sign';
      throw new Outage('git-host', 'credentials', detail, undefined, { cause: error });
    });
    return { authorization: `bearer ${token}` };
  }
}

async function idOf(asked: Promise<{ readonly data: unknown }>): Promise<number> {
  return readShape(idShape, (await asked).data).id;
}

/** A 401 to the App itself concerns the App's id or key, whatever was requested. */
async function explained<T>(
  asked: Promise<T>,
  slug: Slug | undefined,
  signal: AbortSignal,
  clock: Clock,
): Promise<T> {
  try {
    return await untilAborted(asked, signal);
  } catch (error) {
    signal.throwIfAborted();
    const isAboutUs = statusOf(error) === 401;
    throw explainError(error, isAboutUs ? undefined : slug, clock.now());
  }
}
