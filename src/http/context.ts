import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ZodTypeProvider } from '@fastify/type-provider-zod';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { DispatchReport } from '../domain/job/report.ts';
import type { Identified, NewDelivery, WorkflowIdentity } from '../ports/github.ts';
import type { QueueDepth } from '../ports/jobs.ts';
import type { Logger } from '../ports/logger.ts';
import type { AcceptResult, DispatchPayload } from '../publisher/dispatch/accept-dispatch.ts';
import type { Admission } from '../publisher/github/admit-workflow.ts';
import type { Readiness } from '../publisher/queue/readiness.ts';
import type { ConnectionLimits } from './connections.ts';
import type { FailureLimiter } from './failure-limiter.ts';
import type { HttpMetrics } from './http-metrics.ts';

export interface WebhookDoor {
  /** Read for every request, since secrets rotate; an empty list refuses all. */
  readonly secrets: () => readonly string[];
  /** Durable when it resolves; throws when nothing can be stored. */
  readonly receive: (delivery: NewDelivery) => Promise<'stored' | 'known'>;
}

export interface IdentityDoor {
  /** Throws IssuerUnavailable. */
  readonly identify: (token: string) => Promise<Identified>;
  /** Throws when nothing can be stored. */
  readonly admit: (identity: WorkflowIdentity, payload: DispatchPayload) => Promise<Admission>;
}

export interface ServerDeps {
  /** Durable when it resolves; throws when nothing can be stored. */
  readonly acceptDispatch: (payload: DispatchPayload) => Promise<AcceptResult>;
  readonly findReport: (id: string) => Promise<DispatchReport | undefined>;
  readonly readiness: () => Promise<Readiness>;
  readonly depth: () => Promise<QueueDepth>;
  /** Asked for at every dispatch, since they rotate; empty refuses all. */
  readonly dispatchSecrets: () => readonly string[];
  /** Without it webhooks are refused. */
  readonly webhooks?: WebhookDoor;
  /** Without it identity tokens are refused. */
  readonly identity?: IdentityDoor;
  readonly network: NetworkSettings;
  readonly logger: Logger;
  readonly redact: (text: string) => string;
}

export interface NetworkSettings {
  /** Proxies whose X-Forwarded-For is believed. */
  readonly trustProxy: false | readonly string[];
  /** The time that a request may take to arrive; 10 s by default. */
  readonly requestTimeoutMs?: number;
  /** 2,000, and 256 of one address, by default. */
  readonly connectionLimits?: ConnectionLimits;
}

/** What routes work with. */
export interface RouteContext extends Omit<ServerDeps, 'depth' | 'network' | 'redact'> {
  readonly metrics: HttpMetrics;
  readonly limiter: FailureLimiter;
}

export type HttpApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

export interface HttpRoute {
  readonly method: 'GET' | 'POST';
  /** Fastify's pattern. */
  readonly path: string;
  register(app: HttpApp, context: RouteContext): void;
}
