import type { HttpRoute } from '../context.ts';
import { dispatchRoute } from './dispatch.ts';
import { dispatchesRoute } from './dispatches.ts';
import { githubWebhookRoute } from './github-webhook.ts';
import { healthzRoute, readyzRoute } from './health.ts';
import { metricsRoute } from './metrics.ts';
import { openapiRoute } from './openapi.ts';

/** Every route. To add one, add a file here and a line below. */
export const routes: readonly HttpRoute[] = [
  dispatchRoute,
  dispatchesRoute,
  githubWebhookRoute,
  healthzRoute,
  readyzRoute,
  metricsRoute,
  openapiRoute,
];
