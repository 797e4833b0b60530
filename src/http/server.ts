import type { IncomingMessage } from 'node:http';
import helmet from '@fastify/helmet';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from '@fastify/type-provider-zod';
import Fastify, { type FastifyReply } from 'fastify';
import { limitBodies } from './body-budget.ts';
import { limitConnections } from './connections.ts';
import type { HttpApp, NetworkSettings, RouteContext, ServerDeps } from './context.ts';
import { answerBrokenConnection, answerErrors } from './errors.ts';
import { buildFailureLimiter } from './failure-limiter.ts';
import { buildHttpMetrics, type HttpMetrics } from './http-metrics.ts';
import { type Listeners, listenWidely } from './listeners.ts';
import { describeRoutes } from './openapi-document.ts';
import { buildProblem, problemType } from './problem.ts';
import { routes } from './routes/index.ts';

export type { ServerDeps } from './context.ts';

export interface Server {
  /** Resolves with its URL once it listens; port 0 picks a free port. */
  listen(where: { readonly host: string; readonly port: number }): Promise<string>;
  /** Accepts no new connection, answers requests in flight, and ends within about 5 s whatever clients do. */
  close(): Promise<void>;
}

const requestTimeoutMs = 10_000;
const keepAliveTimeoutMs = 10_000;
const connectionTimeoutMs = 60_000;
const closeGraceMs = 5000;
const arrivalGraceMs = 1000;
const closeCheckMs = 50;
const connectionLimits = { total: 2000, perAddress: 256 };
/** Sizes of bodies held before their signatures are checked: room for a few of the largest webhooks. */
const bodyLimits = { smallBytes: 256 * 1024, heldBytes: 128 * 1024 * 1024 };
const monotonicMs = (): number => performance.now();
const failureLimits = { failures: 30, windowMs: 60_000, addresses: 10_000 };

/** Builds the server without listening. */
export async function buildServer(deps: ServerDeps): Promise<Server> {
  const app = buildApp(deps.network);
  const metrics = buildHttpMetrics(deps.depth, monotonicMs);
  const limiter = buildFailureLimiter({ ...failureLimits, now: monotonicMs });
  const context: RouteContext = { ...deps, metrics, limiter };
  // A proxy in front owns all connections, and limits its clients itself.
  const { network } = deps;
  limitConnections(app.server, network.connectionLimits ?? connectionLimits, network.trustProxy !== false);
  takeRawJson(app);
  limitBodies(app, bodyLimits);
  answerErrors(app, deps);
  observeRequests(app, deps, metrics);
  redactAnswers(app, deps);
  let listeners: Listeners | undefined;
  const close = prepareClosing(app, async () => listeners?.close());
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    // Only the proxy in front knows whether the host name is reachable by https.
    strictTransportSecurity: false,
  });
  await describeRoutes(app);
  for (const route of routes) route.register(app, context);
  await app.ready();
  return {
    listen: async (where) => {
      listeners = await listenWidely(app, where);
      return listeners.url;
    },
    close,
  };
}

function buildApp({ trustProxy, ...network }: NetworkSettings): HttpApp {
  const timeoutMs = network.requestTimeoutMs ?? requestTimeoutMs;
  const app = Fastify({
    logger: false,
    trustProxy: trustProxy === false ? false : [...trustProxy],
    requestTimeout: timeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    connectionTimeout: connectionTimeoutMs,
    // By default Node looks for late requests only every 30 s.
    http: {
      headersTimeout: timeoutMs,
      requestTimeout: timeoutMs,
      connectionsCheckingInterval: timeoutMs / 10,
    },
    // While closing, a request on an open connection still gets its answer, which closes the connection.
    return503OnClosing: false,
    clientErrorHandler: answerBrokenConnection,
    frameworkErrors: (_error, _request, reply) => {
      // An illegal URL reaches no route and no error handler; Fastify's own answer would repeat the URL.
      const problem = buildProblem(400, 'bad-request', 'The address is malformed.');
      void (reply as FastifyReply).code(400).type(problemType).send(JSON.stringify(problem));
    },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  return app;
}

/** Keeps JSON as raw bytes, since signatures cover bytes and are checked before parsing. Accepts only JSON. */
function takeRawJson(app: HttpApp): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
}

function observeRequests(app: HttpApp, { logger }: ServerDeps, metrics: HttpMetrics): void {
  app.addHook('onResponse', async (request, reply) => {
    const labels = {
      method: request.method,
      route: request.routeOptions.url ?? 'unknown',
      status: reply.statusCode,
    };
    metrics.observeRequest(labels, reply.elapsedTime / 1000);
    if (reply.statusCode < 400) {
      logger.debug('request answered', { ...labels, durationMs: Math.round(reply.elapsedTime) });
    }
  });
}

/** Redacts secrets from every text answer. */
function redactAnswers(app: HttpApp, { redact }: ServerDeps): void {
  app.addHook('onSend', async (_request, _reply, payload) =>
    typeof payload === 'string' ? redact(payload) : payload,
  );
}

/**
 * Returns a function that closes the server. A keep-alive client could hold it open forever, so from the call on every
 * answer closes its connection, and idle connections are closed. Node stops looking for late requests when a server
 * closes, so half-received requests are cut here.
 */
function prepareClosing(app: HttpApp, closeListeners: () => Promise<void>): () => Promise<void> {
  const inFlight = new Set<IncomingMessage>();
  let isClosing = false;
  app.server.on('request', (request, response) => {
    inFlight.add(request);
    response.once('close', () => inFlight.delete(request));
  });
  app.addHook('onSend', async (_request, reply) => {
    if (isClosing) void reply.header('connection', 'close');
  });

  function isAnythingWorthWaiting(elapsedMs: number): boolean {
    if (elapsedMs > closeGraceMs) return false;
    return [...inFlight].some((request) => request.complete || elapsedMs < arrivalGraceMs);
  }

  return async () => {
    isClosing = true;
    const startedAt = performance.now();
    const check = setInterval(() => {
      if (!isAnythingWorthWaiting(performance.now() - startedAt)) app.server.closeAllConnections();
    }, closeCheckMs);
    try {
      await Promise.all([app.close(), closeListeners()]);
    } finally {
      clearInterval(check);
    }
  };
}
