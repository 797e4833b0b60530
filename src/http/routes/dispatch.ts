import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Actor, byWorkflow } from '../../domain/job/actor.ts';
import { jobStatuses } from '../../domain/job/report.ts';
import type { AcceptResult, DispatchPayload, RefusalCode } from '../../publisher/dispatch/accept-dispatch.ts';
import type { HttpRoute, RouteContext } from '../context.ts';
import { bodySchema, parsePayload } from '../payload.ts';
import { fromStore, HttpProblem, problemResponses } from '../problem.ts';
import { requireAdmission, requireIdentity } from '../require-identity.ts';
import { requireSignature } from '../require-signature.ts';

const maxBodyBytes = 256 * 1024;

const acceptedSchema = z.object({
  id: z.string(),
  job: z.int().describe('Shown as #123'),
  status: z.enum(jobStatuses),
  duplicate: z.boolean().describe('Its job is queued, running or has published'),
  url: z.string().describe('Where the report is'),
});

const statusOfRefusal = {
  'repository-not-allowed': 403,
  'repository-not-registered': 404,
  'repository-disabled': 409,
} as const satisfies Record<RefusalCode, number>;

/** Accepts a signed request to publish what one commit declares. */
export const dispatchRoute: HttpRoute = {
  method: 'POST',
  path: '/dispatch',
  register(app, context) {
    app.route({
      method: 'POST',
      url: '/dispatch',
      bodyLimit: maxBodyBytes,
      // The body stays raw bytes until its signature is checked; the schema is only for the OpenAPI document.
      validatorCompiler: () => (value) => ({ value }),
      schema: {
        summary: 'Publish what one commit declares',
        security: [{ signature: [] }, { identity: [] }],
        body: bodySchema,
        response: {
          202: acceptedSchema,
          ...problemResponses(400, 401, 403, 404, 409, 413, 415, 429, 500, 503),
        },
      },
      handler: async (request, reply) => {
        // Fastify parses nothing when there is no body.
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        const admit = await authenticate(context, request, body);
        const payload = parsePayload(body);
        const requestedBy = await admit(payload);
        const result = await fromStore(async () => context.acceptDispatch({ ...payload, requestedBy }));
        const { id, job, status, duplicate } = takeAccepted(context, result);
        return reply.code(202).send({ id, job, status, duplicate, url: `/dispatches/${id}` });
      },
    });
  },
};

/** Authenticates by signature or identity token. Returns a check for the parsed payload, which says who asked. */
async function authenticate(
  context: RouteContext,
  request: FastifyRequest,
  body: Buffer,
): Promise<(payload: DispatchPayload) => Promise<Actor>> {
  const { authorization } = request.headers;
  if (authorization !== undefined && request.headers['x-hub-signature-256'] === undefined) {
    const identity = await requireIdentity(context, request.ip, authorization);
    return async (payload) => {
      await requireAdmission(context, request.ip, identity, payload);
      return byWorkflow(identity.repository);
    };
  }
  requireSignature(context.limiter, request, body, {
    secrets: context.dispatchSecrets(),
    unconfigured: 'Dispatches are not configured: there is no DISPATCH_SECRET.',
  });
  return async () => 'event';
}

function takeAccepted(context: RouteContext, result: AcceptResult) {
  if (result.kind === 'accepted') {
    context.metrics.countDispatch(result.acceptance.duplicate ? 'duplicate' : 'accepted');
    return result.acceptance;
  }
  context.metrics.countDispatch(result.code);
  throw new HttpProblem(statusOfRefusal[result.code], result.code, result.detail);
}
