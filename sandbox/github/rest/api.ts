import { createHash } from 'node:crypto';
import { ApiError, forbidden, notFound } from '../api-error.ts';
import { checkAppToken } from '../app-jwt.ts';
import { answerGraphql } from '../graphql.ts';
import { type GitHubState, type RepositoryState, reaches, type TokenState } from '../state.ts';
import { checkRoutes } from './check-routes.ts';
import { gitRoutes } from './git-routes.ts';
import { pullRoutes } from './pull-routes.ts';
import { repositoryRoutes } from './repository-routes.ts';
import {
  type AppRoute,
  type GitHubAnswer,
  type GitHubRequest,
  matchRoute,
  type RepositoryRoute,
  type RouteContext,
} from './route.ts';

const ofRepositories: readonly RepositoryRoute[] = [
  ...repositoryRoutes,
  ...gitRoutes,
  ...pullRoutes,
  ...checkRoutes,
];
const docs = 'https://docs.github.com/rest';

/** Answers one request; never throws. */
export async function answerRest(
  context: RouteContext,
  appRoutes: readonly AppRoute[],
  request: GitHubRequest,
): Promise<GitHubAnswer> {
  try {
    const app = matchRoute(appRoutes, request.method, request.path);
    if (app !== undefined) {
      checkAppToken(context.state, request.token);
      return await app.route.handle(context, request, app.parameters);
    }
    return answerWithToken(context, request, getToken(context, request));
  } catch (error) {
    if (error instanceof ApiError) return answerError(error);
    return { status: 500, body: { message: `this double failed: ${String(error)}` } };
  }
}

function answerError(error: ApiError): GitHubAnswer {
  const body = {
    message: error.message,
    ...(error.errors === undefined ? {} : { errors: error.errors }),
    documentation_url: docs,
    status: String(error.status),
  };
  return { status: error.status, body, headers: error.headers };
}

function getToken(context: RouteContext, request: GitHubRequest): TokenState | undefined {
  const token = context.state.findToken(request.token);
  if (token === undefined && request.token !== undefined) throw new ApiError(401, 'Bad credentials');
  return token;
}

function answerWithToken(
  context: RouteContext,
  request: GitHubRequest,
  token: TokenState | undefined,
): GitHubAnswer {
  if (request.path === '/rate_limit') return answerRateLimit(token);
  if (request.path === '/user') {
    if (token?.kind !== 'personal')
      throw token === undefined ? new ApiError(401, 'Requires authentication') : forbidden();
    return { status: 200, body: { login: 'ada', id: 7, type: 'User' } };
  }
  if (request.path === '/graphql') {
    if (token === undefined) throw new ApiError(401, 'This endpoint requires you to be authenticated.');
    return { status: 200, body: answerGraphql(context, request, token) };
  }
  return answerOfRepository(context, request, token);
}

/** Answers the rate limit, which costs nothing and tells when a personal token expires. */
function answerRateLimit(token: TokenState | undefined): GitHubAnswer {
  const body = { resources: {}, rate: {} };
  if (token?.kind !== 'personal') return { status: 200, body };
  const at = new Date(token.expiresAtMs).toISOString().slice(0, 19).replace('T', ' ');
  return { status: 200, body, headers: { 'github-authentication-token-expiration': `${at} UTC` } };
}

function answerOfRepository(
  context: RouteContext,
  request: GitHubRequest,
  token: TokenState | undefined,
): GitHubAnswer {
  const { repository, rest, isMoved } = findRepository(context.state, request.path);
  // GitHub answers 404 for a repository that the token cannot reach.
  if (repository === undefined || token === undefined || !reaches(token, repository)) throw notFound();
  if (isMoved) return redirect(context, request, repository, rest);
  const matched = matchRoute(ofRepositories, request.method, rest);
  if (matched === undefined) throw notFound();
  // Check runs and statuses have their own permissions.
  if (!token.canRead && rest !== '' && !isOfChecks(rest)) throw forbidden();
  if (matched.route.writes === true) checkWrite(repository, token);
  return matched.route.handle(context, repository, request, matched.parameters, token);
}

function isOfChecks(rest: string): boolean {
  return /^\/(?:check-runs|statuses|commits\/[^/]+\/check-runs)/.test(rest);
}

interface Found {
  readonly repository: RepositoryState | undefined;
  /** The path below the repository. */
  readonly rest: string;
  /** True when the request used a former name of the repository. */
  readonly isMoved: boolean;
}

function findRepository(state: GitHubState, path: string): Found {
  const [, id, ofId = ''] = /^\/repositories\/(\d+)(\/.*)?$/.exec(path) ?? [];
  if (id !== undefined) {
    const repository = state.repositories.find((item) => String(item.id) === id);
    return { repository, rest: ofId, isMoved: false };
  }
  const [, slug = '', rest = ''] = /^\/repos\/([^/]+\/[^/]+)(\/.*)?$/.exec(path) ?? [];
  const repository = state.find(slug);
  if (repository !== undefined) return { repository, rest, isMoved: false };
  return { repository: state.movedSlugs.get(slug.toLowerCase()), rest, isMoved: true };
}

function redirect(
  context: RouteContext,
  request: GitHubRequest,
  repository: RepositoryState,
  rest: string,
): GitHubAnswer {
  const query = request.query.size === 0 ? '' : `?${request.query.toString()}`;
  const url = `${context.apiUrl}/repositories/${repository.id}${rest}${query}`;
  // Redirects permanently for reading; a method that writes must be repeated unchanged.
  const status = request.method === 'GET' ? 301 : 307;
  return {
    status,
    headers: { location: url },
    body: { message: 'Moved Permanently', url, documentation_url: docs },
  };
}

function checkWrite(repository: RepositoryState, token: TokenState): void {
  if (!token.canWrite) throw forbidden();
  if (repository.isArchived) throw new ApiError(403, 'Repository was archived so is read-only.');
}

/** Adds an entity tag, as GitHub does; answers 304 when the client already has it. */
export function withEtag(answer: GitHubAnswer, ifNoneMatch: string | undefined): GitHubAnswer {
  if (answer.status !== 200) return answer;
  const etag = `W/"${createHash('sha256').update(JSON.stringify(answer.body)).digest('hex')}"`;
  const headers = { ...answer.headers, etag };
  return ifNoneMatch === etag ? { status: 304, headers } : { ...answer, headers };
}
