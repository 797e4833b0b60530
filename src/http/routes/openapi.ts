import { z } from 'zod';
import type { HttpRoute } from '../context.ts';
import { problemResponses } from '../problem.ts';

/** Serves the OpenAPI description of all routes; /docs shows it as a page. */
export const openapiRoute: HttpRoute = {
  method: 'GET',
  path: '/openapi.json',
  register(app) {
    app.route({
      method: 'GET',
      url: '/openapi.json',
      schema: {
        summary: 'This description (OpenAPI 3.1)',
        response: { 200: z.looseObject({ openapi: z.string() }), ...problemResponses(500) },
      },
      handler: async (_request, reply) =>
        reply.type('application/json; charset=utf-8').send(JSON.stringify(app.swagger()) as never),
    });
  },
};
