import { z } from 'zod';
import type { HttpRoute } from '../context.ts';
import { problemResponses } from '../problem.ts';

/** Serves the metrics for Prometheus. */
export const metricsRoute: HttpRoute = {
  method: 'GET',
  path: '/metrics',
  register(app, context) {
    app.route({
      method: 'GET',
      url: '/metrics',
      schema: {
        summary: 'Metrics in Prometheus’ text format',
        produces: ['text/plain'],
        response: { 200: z.string(), ...problemResponses(500) },
      },
      handler: async (_request, reply) =>
        reply.type(context.metrics.contentType).send(await context.metrics.read()),
    });
  },
};
