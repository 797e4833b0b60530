import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { jsonSchemaTransform, jsonSchemaTransformObject } from '@fastify/type-provider-zod';
import type { HttpApp } from './context.ts';

const info = {
  title: 'UPM Auto Publisher',
  description: 'Takes signed dispatches and publishes Unity packages from git commits.',
  version: '1',
};

const signature = {
  type: 'apiKey',
  in: 'header',
  name: 'X-Hub-Signature-256',
  description: '`sha256=` and the HMAC-SHA256 of the raw body in hex, keyed with DISPATCH_SECRET',
} as const;

const identity = {
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'JWT',
  description: 'An identity token of GitHub Actions for OIDC_AUDIENCE, of the payload’s repository',
} as const;

/** Adds the OpenAPI document; must be registered before the routes. */
export async function describeRoutes(app: HttpApp): Promise<void> {
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info, components: { securitySchemes: { signature, identity } } },
    transform: jsonSchemaTransform,
    transformObject: (document) => nameProblemType(jsonSchemaTransformObject(document)),
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    // Behind plain http this directive makes the page fetch its own scripts over https, which is not served.
    transformStaticCSP: (policy) => policy.replace(/\s*upgrade-insecure-requests;?/, ''),
  });
}

interface Answer {
  content?: Record<string, unknown>;
}
interface Operation {
  readonly responses?: Readonly<Record<string, Answer>>;
}

/** Names the media type of error answers, since the type provider supports only one for all answers. */
function nameProblemType<D>(document: D): D {
  const { paths = {} } = document as {
    readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  };
  const operations = Object.values(paths).flatMap((path) => Object.values(path));
  for (const { responses = {} } of operations) {
    for (const [status, answer] of Object.entries(responses)) {
      const [media] = Object.values(answer.content ?? {});
      // A 503 of /readyz is a readiness report, not a problem.
      if (Number(status) >= 400 && isProblem(media)) answer.content = { 'application/problem+json': media };
    }
  }
  return document;
}

function isProblem(media: unknown): boolean {
  return JSON.stringify(media)?.includes('about:blank') === true;
}
