import type { GitHubState, RepositoryState, TokenState } from '../state.ts';

export interface GitHubRequest {
  readonly method: string;
  /** The decoded path. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  readonly token: string | undefined;
}

export interface GitHubAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RouteContext {
  readonly state: GitHubState;
  readonly apiUrl: string;
  readonly serverUrl: string;
  /** Sends a webhook when one is set. */
  readonly emit: (event: string, payload: Readonly<Record<string, unknown>>) => void;
}

/** A route of one repository; the repository is looked up and the token checked before it is called. */
export interface RepositoryRoute {
  readonly method: string;
  /** Below `/repos/:owner/:repo`; `*rest` matches the rest of the path. */
  readonly path: string;
  readonly writes?: true;
  handle(
    context: RouteContext,
    repository: RepositoryState,
    request: GitHubRequest,
    parameters: Readonly<Record<string, string>>,
    token: TokenState,
  ): GitHubAnswer;
}

/** A route of the App itself; its signed token is checked before it is called. */
export interface AppRoute {
  readonly method: string;
  readonly path: string;
  handle(
    context: RouteContext,
    request: GitHubRequest,
    parameters: Readonly<Record<string, string>>,
  ): GitHubAnswer | Promise<GitHubAnswer>;
}

export interface Matched<R> {
  readonly route: R;
  readonly parameters: Readonly<Record<string, string>>;
}

export function matchRoute<R extends { readonly method: string; readonly path: string }>(
  routes: readonly R[],
  method: string,
  path: string,
): Matched<R> | undefined {
  for (const route of routes) {
    const parameters = route.method === method ? matchPath(route.path, path) : undefined;
    if (parameters !== undefined) return { route, parameters };
  }
  return undefined;
}

function matchPath(pattern: string, path: string): Readonly<Record<string, string>> | undefined {
  const source = pattern
    .replaceAll(/[.+?^$()[\]{}|\\]/g, '\\$&')
    .replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')
    .replaceAll(/\*(\w+)/g, '(?<$1>.+)');
  const found = new RegExp(`^${source}$`).exec(path);
  return found === null ? undefined : { ...found.groups };
}

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
