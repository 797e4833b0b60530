import { z } from 'zod';
import type { HttpRoute } from '../context.ts';
import { parseGitHubEvent } from '../github-event.ts';
import { fromStore, HttpProblem, problemResponses } from '../problem.ts';
import { requireSignature } from '../require-signature.ts';

/** The largest body that GitHub sends. */
const maxBodyBytes = 25 * 1024 * 1024;

const namePattern = /^[a-z0-9_]{1,64}$/;
const deliveryPattern = /^[0-9A-Za-z-]{1,100}$/;

const receivedSchema = z.object({
  delivery: z.string(),
  duplicate: z.boolean().describe('It waits already, or was handled'),
});

/** Accepts a webhook of an organisation or a GitHub App: stored first, processed later. */
export const githubWebhookRoute: HttpRoute = {
  method: 'POST',
  path: '/webhooks/github',
  register(app, context) {
    app.route({
      method: 'POST',
      url: '/webhooks/github',
      bodyLimit: maxBodyBytes,
      // The body stays raw bytes until its signature is checked.
      validatorCompiler: () => (value) => ({ value }),
      schema: {
        summary: 'Webhooks of GitHub',
        security: [{ signature: [] }],
        response: { 202: receivedSchema, ...problemResponses(400, 401, 413, 415, 429, 500, 503) },
      },
      handler: async (request, reply) => {
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        requireSignature(context.limiter, request, body, {
          secrets: context.webhooks?.secrets() ?? [],
          unconfigured: 'Webhooks are not configured: there is no GITHUB_WEBHOOK_SECRET.',
        });
        const delivery = takeHeader(
          request.headers['x-github-delivery'],
          deliveryPattern,
          'X-GitHub-Delivery',
        );
        const name = takeHeader(request.headers['x-github-event'], namePattern, 'X-GitHub-Event');
        const event = parseGitHubEvent(name, body);
        if (event === undefined) throw new HttpProblem(400, 'invalid-payload', 'The body is not JSON.');
        const received = await fromStore(async () => context.webhooks?.receive({ delivery, name, event }));
        return reply.code(202).send({ delivery, duplicate: received === 'known' });
      },
    });
  },
};

function takeHeader(value: string | string[] | undefined, pattern: RegExp, name: string): string {
  if (typeof value === 'string' && pattern.test(value)) return value;
  throw new HttpProblem(400, 'invalid-payload', `Expected the header ${name}.`);
}
