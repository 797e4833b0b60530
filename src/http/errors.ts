import { randomBytes } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HttpApp, ServerDeps } from './context.ts';
import { buildProblem, HttpProblem, type Problem, type ProblemCode, problemType } from './problem.ts';
import { routes } from './routes/index.ts';

/** Turns every error into a problem answer and one line in the log. */
export function answerErrors(app: HttpApp, { logger }: ServerDeps): void {
  app.setErrorHandler((error, request, reply) => {
    const answer = toHttpProblem(error);
    if (answer === undefined) return sendUnexpected(error, request, reply);
    const fields = { ...describeRequest(request), status: answer.problem.status, code: answer.problem.code };
    if (answer.problem.status >= 500) logger.warn('request failed', { ...fields, error: answer.cause });
    else logger.info('request refused', fields);
    return send(reply.headers(answer.headers), answer.problem);
  });

  function sendUnexpected(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const incident = randomBytes(4).toString('hex');
    logger.error('request failed unexpectedly', { ...describeRequest(request), incident, error });
    return send(reply, buildProblem(500, 'internal-error', `Something failed here (ref ${incident}).`));
  }

  app.setNotFoundHandler((request, reply) => {
    const answer = describeMissing(request);
    logger.info('request refused', {
      ...describeRequest(request),
      status: answer.problem.status,
      code: answer.problem.code,
    });
    return send(reply.headers(answer.headers), answer.problem);
  });
}

function send(reply: FastifyReply, problem: Problem): FastifyReply {
  return reply.code(problem.status).type(problemType).send(problem);
}

/** Returns the route's pattern, never the path, whose segments may be ids. */
function describeRequest(request: FastifyRequest): { readonly method: string; readonly route: string } {
  return { method: request.method, route: request.routeOptions.url ?? 'unknown' };
}

const ofTheBody: Readonly<Record<string, readonly [number, ProblemCode, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'payload-too-large', 'The body is larger than this route takes.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'unsupported-media-type', 'Expected content type application/json.'],
};

/** Returns undefined for an error that is our bug. */
function toHttpProblem(error: unknown): HttpProblem | undefined {
  if (error instanceof HttpProblem) return error;
  const { code, statusCode } = error as { readonly code?: unknown; readonly statusCode?: unknown };
  const known = typeof code === 'string' ? ofTheBody[code] : undefined;
  if (known !== undefined) return new HttpProblem(...known);
  // Errors that Fastify blames on the client: a wrong content length, an aborted body, an illegal URL.
  if (typeof statusCode !== 'number' || statusCode < 400 || statusCode >= 500) return undefined;
  return new HttpProblem(400, 'bad-request', 'The request is malformed.');
}

const patterns = routes.map(({ method, path }) => ({
  method,
  pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/:\w+/g, '[^/]+')}$`),
}));

function describeMissing(request: FastifyRequest): HttpProblem {
  const path = request.url.replace(/\?.*$/s, '');
  const allowed = patterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
  if (allowed.length === 0)
    return new HttpProblem(404, 'route-not-found', 'There is nothing at this address.');
  return new HttpProblem(405, 'method-not-allowed', `Expected ${allowed.join(' or ')}.`, {
    headers: { allow: allowed.join(', ') },
  });
}

const ofTheSocket: Readonly<Record<string, readonly [number, ProblemCode, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'request-timeout', 'The request took too long to arrive.'],
  HPE_HEADER_OVERFLOW: [431, 'headers-too-large', 'The headers are too large.'],
};

/** Answers input that never became a request, and closes the connection. */
export function answerBrokenConnection(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const known = ofTheSocket[error.code ?? ''] ?? [400, 'bad-request', 'The request is malformed.'];
  const [status] = known;
  const body = JSON.stringify(buildProblem(...known));
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `content-type: ${problemType}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
}
