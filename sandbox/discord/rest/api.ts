import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError, invalidFormBody, notFound } from '../api-error.ts';
import { isObject } from '../json.ts';
import { checkSchema, describeProblems, type Schema, spec } from '../schema-check.ts';
import { commandRoutes } from './command-routes.ts';
import { type RestAnswer, type RestRequest, readRequest } from './exchange.ts';
import type { ChooseFault, Fault, SeenRequest } from './faults.ts';
import { checkBotToken, guildRoutes } from './guild-routes.ts';
import { interactionRoutes } from './interaction-routes.ts';
import { messageRoutes } from './message-routes.ts';
import type { RateLimits } from './rate-limits.ts';
import { type MatchedRoute, matchRoute, type Route, type RouteContext } from './route.ts';

const routes: readonly Route[] = [...guildRoutes, ...messageRoutes, ...commandRoutes, ...interactionRoutes];

/** Members that discord.js puts into every body, even where they have no meaning. */
const ADDED_BY_DISCORD_JS = /(^|\.)(tts|enforce_nonce)$/;

export interface RestApi {
  chooseFault: ChooseFault;
  seen: SeenRequest[];
  /** Answers one request to `/api/…`. */
  answer(incoming: IncomingMessage, response: ServerResponse, url: URL): Promise<void>;
}

export function createRestApi(context: RouteContext, limits: RateLimits): RestApi {
  const api: RestApi = {
    chooseFault: () => undefined,
    seen: [],
    async answer(incoming, response, url) {
      let request: RestRequest;
      try {
        request = await readRequest(incoming, url);
      } catch (error) {
        if (error instanceof ApiError) send(response, answerError(error), {});
        else response.destroy();
        return;
      }
      const seen = remember(api, context, request);
      const fault = api.chooseFault({ ...request, count: countOf(api, request) });
      const heard = faultAnswer(fault) ?? limits.refuse(request) ?? perform(context, request);
      const answer = fault?.kind === 'storeThenStatus' ? plain(fault.status) : heard;
      if (isReset(fault)) incoming.socket.resetAndDestroy();
      if (isReset(fault) || isHang(fault)) return;
      seen.status = answer.status;
      send(response, answer, limits.headers(request));
    },
  };
  return api;
}

const isReset = (fault: Fault | undefined) => fault?.kind === 'reset' || fault?.kind === 'storeThenReset';
const isHang = (fault: Fault | undefined) => fault?.kind === 'hang' || fault?.kind === 'storeThenHang';

function remember(api: RestApi, { state }: RouteContext, request: RestRequest): SeenRequest {
  const { method, path, body, query } = request;
  const files = request.files.map((file) => file.filename);
  const seen = { method, path, query: query.toString(), body, files, at: state.now(), status: undefined };
  api.seen.push(seen);
  return seen;
}

function countOf(api: RestApi, request: RestRequest): number {
  return api.seen.filter((other) => other.method === request.method && other.path === request.path).length;
}

/** Returns the answer of a fault that keeps the request from being handled. */
function faultAnswer(fault: Fault | undefined): RestAnswer | undefined {
  if (fault?.kind === 'hang' || fault?.kind === 'reset') return plain(0);
  if (fault?.kind !== 'status') return undefined;
  return {
    status: fault.status,
    body: fault.body ?? plain(fault.status).body,
    ...(fault.headers ? { headers: fault.headers } : {}),
  };
}

function plain(status: number): RestAnswer {
  return { status, body: { message: `${status}: injected`, code: 0 } };
}

function perform(context: RouteContext, request: RestRequest): RestAnswer {
  const where = `${request.method} ${request.path}`;
  const matched = matchRoute(routes, request.method, request.path);
  if (!matched) {
    context.violations.add('request', where, ['no such route here']);
    return answerError(notFound());
  }
  try {
    if (!matched.route.open) checkBotToken(context.state, request.authorization);
    checkRequest(context, matched.route, request, where);
    const answer = matched.route.handle(context, request, matched.parameters);
    checkAnswer(context, matched, answer, where);
    return answer;
  } catch (error) {
    if (error instanceof ApiError) return answerError(error);
    context.violations.add('answer', where, [`this double failed: ${String(error)}`]);
    return plain(500);
  }
}

function answerError(error: ApiError): RestAnswer {
  const body = {
    message: error.message,
    code: error.code,
    ...(error.errors === undefined ? {} : { errors: error.errors }),
  };
  return { status: error.status, body };
}

/** Throws 50035 for what Discord would refuse; members that it would ignore are only recorded as violations. */
function checkRequest(context: RouteContext, route: Route, request: RestRequest, where: string): void {
  const reports = schemasFor(route, request.body).map(({ schema, value }) => {
    const { problems, unknown } = checkSchema(schema, value);
    return { problems, unknown: unknown.filter((path) => !ADDED_BY_DISCORD_JS.test(path)) };
  });
  const problems = reports.flatMap((report) => report.problems);
  context.violations.add('request', where, reports.flatMap(describeProblems));
  if (problems.length > 0) throw invalidFormBody(problems);
}

function schemasFor(route: Route, body: unknown): { schema: Schema; value: unknown }[] {
  const { request, requestItems } = route;
  if (requestItems) {
    if (!Array.isArray(body)) return [{ schema: requestItems, value: body }];
    return body.map((item: unknown) => ({ schema: requestItems, value: withNumericPermissions(item) }));
  }
  if (!request) return [];
  return [{ schema: typeof request === 'function' ? request(body) : request, value: body }];
}

/**
 * Converts permission bits from text to numbers: the schema wants numbers, but Discord and its libraries write text.
 */
function withNumericPermissions(item: unknown): unknown {
  if (!isObject(item) || typeof item['default_member_permissions'] !== 'string') return item;
  return { ...item, default_member_permissions: Number(item['default_member_permissions']) };
}

function checkAnswer(
  context: RouteContext,
  { route }: MatchedRoute,
  answer: RestAnswer,
  where: string,
): void {
  const { answerItems, answer: whole } = route;
  const items = answerItems && Array.isArray(answer.body) ? answer.body : [];
  const reports = items.map((item: unknown) => checkSchema(answerItems ?? spec.ErrorSchema, item));
  if (whole) reports.push(checkSchema(whole, answer.body));
  context.violations.add('answer', where, reports.flatMap(describeProblems));
}

function send(response: ServerResponse, answer: RestAnswer, headers: Record<string, string>): void {
  response.writeHead(answer.status, {
    ...headers,
    ...answer.headers,
    ...(answer.body === undefined ? {} : { 'content-type': 'application/json' }),
  });
  response.end(answer.body === undefined ? undefined : JSON.stringify(answer.body));
}
