import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { GitHost } from '../git-host.ts';
import { renameDefaultBranch } from './bare.ts';
import { buildControls, type GitHubControls } from './controls.ts';
import { answerRest, withEtag } from './rest/api.ts';
import { buildAppRoutes } from './rest/app-routes.ts';
import type { GitHubAnswer, GitHubRequest, RouteContext } from './rest/route.ts';
import { GitHubState, reaches } from './state.ts';
import { buildWebhookSender } from './webhook-sender.ts';

export type GitHubFault =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
    }
  | { readonly kind: 'reset' }
  | { readonly kind: 'hang' }
  /** Carries out the request and loses the answer. */
  | { readonly kind: 'storeThenReset' };

/** Chooses the fault of a request. `count` is 1 for the first request of this method and path. */
export type ChooseFault = (request: {
  readonly method: string;
  readonly path: string;
  readonly count: number;
}) => GitHubFault | undefined;

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
}

/** A double of GitHub: REST and GraphQL over the bare repositories that its git host serves. */
export interface GitHubDouble extends GitHubControls {
  /** Without a trailing slash. */
  readonly apiUrl: string;
  readonly state: GitHubState;
  setFault(choose: ChooseFault | undefined): void;
  requests(): readonly SeenRequest[];
  clearRequests(): void;
  stop(): Promise<void>;
}

export interface GitHubOptions {
  /** The git host whose repositories it serves; the host accepts this double's tokens from now on. */
  readonly host: GitHost;
  /** Returns epoch milliseconds. */
  readonly now?: () => number;
  readonly port?: number;
}

const rateLimit = 5000;
const hourSeconds = 3600;

export async function startGitHub(options: GitHubOptions): Promise<GitHubDouble> {
  const state = new GitHubState(options.now ?? Date.now);
  const sender = buildWebhookSender(state);
  const seen: SeenRequest[] = [];
  let chooseFault: ChooseFault = () => undefined;
  let apiUrl = '';
  const context = (): RouteContext => ({
    state,
    apiUrl,
    serverUrl: options.host.url,
    emit: (event, payload) => void sender.send(event, payload),
  });
  const appRoutes = buildAppRoutes(async (id) => void (await sender.redeliver(id)));

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readRequest(incoming);
    const { method, path } = request;
    seen.push({ method, path, authorization: incoming.headers.authorization });
    const count = seen.filter((item) => item.method === method && item.path === path).length;
    const fault = chooseFault({ method, path, count });
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'reset') return void incoming.socket.resetAndDestroy();
    const answer =
      fault?.kind === 'status' ? injected(fault) : await answerRest(context(), appRoutes, request);
    if (fault?.kind === 'storeThenReset') return void incoming.socket.resetAndDestroy();
    send(response, withEtag(answer, incoming.headers['if-none-match']), seen.length, state.now());
  }

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  options.host.setAccess((password, slug) => decideGitAccess(state, password, slug));
  return {
    ...buildControls({ state, sender, host: options.host, context, renameDefaultBranch }),
    apiUrl,
    state,
    setFault: (choose) => {
      chooseFault = choose ?? (() => undefined);
    },
    requests: () => [...seen],
    clearRequests: () => {
      seen.length = 0;
    },
    stop: async () => {
      await sender.settled();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Decides as github.com does for git: 401 for an unknown token, 404 for what a valid one cannot reach. */
function decideGitAccess(state: GitHubState, password: string | undefined, slug: string): 200 | 401 | 404 {
  const token = state.findToken(password);
  if (token === undefined) return 401;
  const repository = state.find(slug) ?? state.movedSlugs.get(slug.toLowerCase());
  return repository !== undefined && token.canRead && reaches(token, repository) ? 200 : 404;
}

async function readRequest(incoming: IncomingMessage): Promise<GitHubRequest> {
  const url = new URL(incoming.url ?? '/', 'http://api');
  const body: unknown = await json(incoming).catch(() => undefined);
  const [, token] = /^(?:token|bearer) (.+)$/i.exec(incoming.headers.authorization ?? '') ?? [];
  return {
    method: incoming.method ?? 'GET',
    path: decodeURIComponent(url.pathname),
    query: url.searchParams,
    body: typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>) : {},
    token,
  };
}

function injected(fault: Extract<GitHubFault, { readonly kind: 'status' }>): GitHubAnswer {
  const { status, headers = {}, body = { message: `${status}: injected` } } = fault;
  return { status, headers, body };
}

function send(response: ServerResponse, answer: GitHubAnswer, used: number, nowMs: number): void {
  const hasBody = answer.body !== undefined && answer.status !== 304;
  response.writeHead(answer.status, {
    'x-github-request-id': `SANDBOX:${used}`,
    'x-github-api-version-selected': '2022-11-28',
    'x-ratelimit-limit': String(rateLimit),
    'x-ratelimit-remaining': String(Math.max(0, rateLimit - used)),
    'x-ratelimit-reset': String(Math.floor(nowMs / 1000) + hourSeconds),
    'x-ratelimit-used': String(used),
    'x-ratelimit-resource': 'core',
    ...(hasBody ? { 'content-type': 'application/json; charset=utf-8' } : {}),
    ...answer.headers,
  });
  response.end(hasBody ? JSON.stringify(answer.body) : undefined);
}
