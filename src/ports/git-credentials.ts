import type { Slug } from '../domain/repository.ts';

/**
 * What a token is for; an App's is narrowed to it. `workflows` also writes below `.github/workflows`; `checks` and
 * `statuses` write nothing else.
 */
export type TokenUse = 'read' | 'write' | 'workflows' | 'checks' | 'statuses';

/** Who we are to the git host, repository by repository. */
export interface GitCredentials {
  /**
   * A token that reaches this repository; undefined when none is configured. Throws Outage('git-host') while none can
   * be had, PublishError repository-forbidden when the App is not installed there.
   */
  tokenFor(slug: Slug, use: TokenUse, signal: AbortSignal): Promise<string | undefined>;
  /** The last token was refused. True when the next one will be another one. */
  renew(slug: Slug): boolean;
  /**
   * When they end (epoch milliseconds), undefined when they do not or nobody says. Throws Outage('git-host') while the git
   * host is down or refuses our credentials; without any it does nothing.
   */
  probe(signal: AbortSignal): Promise<number | undefined>;
}
