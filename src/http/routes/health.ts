import { z } from 'zod';
import type { HttpRoute } from '../context.ts';
import { problemResponses } from '../problem.ts';

const componentSchema = z.object({
  state: z.enum(['ok', 'degraded', 'down']),
  since: z.string().nullable().describe('ISO 8601, UTC; null while unknown'),
  why: z.string().nullable(),
});

const readinessSchema = z.object({
  store: componentSchema,
  queue: componentSchema,
  registry: componentSchema,
  github: componentSchema,
  discord: componentSchema,
  gemini: componentSchema,
});

/** Answers that the process runs. */
export const healthzRoute: HttpRoute = {
  method: 'GET',
  path: '/healthz',
  register(app) {
    app.route({
      method: 'GET',
      url: '/healthz',
      schema: {
        summary: 'The process runs',
        response: { 200: z.object({ status: z.literal('ok') }), ...problemResponses(500) },
      },
      handler: async () => ({ status: 'ok' as const }),
    });
  },
};

/** Answers what works. Not ready only when nothing can be stored, since everything else recovers by itself. */
export const readyzRoute: HttpRoute = {
  method: 'GET',
  path: '/readyz',
  register(app, context) {
    app.route({
      method: 'GET',
      url: '/readyz',
      schema: {
        summary: 'What works, component by component',
        response: { 200: readinessSchema, 503: readinessSchema, ...problemResponses(500) },
      },
      handler: async (_request, reply) => {
        const readiness = await context.readiness();
        return reply.code(readiness.store.state === 'down' ? 503 : 200).send(readiness);
      },
    });
  },
};
