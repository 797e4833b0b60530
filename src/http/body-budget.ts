import type { FastifyRequest } from 'fastify';
import type { HttpApp } from './context.ts';
import { HttpProblem } from './problem.ts';

export interface BodyLimits {
  /** Bodies up to this size are always accepted; the number of connections bounds their total. */
  readonly smallBytes: number;
  /** Total size of larger bodies that may be in memory at a time. */
  readonly heldBytes: number;
}

const retryAfterSeconds = '10';

/**
 * Limits the memory for request bodies. A body is in memory before its signature is checked, so strangers decide how
 * many there are: larger bodies share a budget, and one that does not fit is answered with 503 before it is read.
 */
export function limitBodies(app: HttpApp, limits: BodyLimits): void {
  let held = 0;
  app.addHook('onRequest', async (request, reply) => {
    const bytes = announcedBytes(request);
    if (bytes <= limits.smallBytes) return;
    if (held + bytes > limits.heldBytes) {
      throw new HttpProblem(503, 'too-busy', 'Too many large requests are under way; try again.', {
        // Closes the connection instead of reading the body that is on its way.
        headers: { 'retry-after': retryAfterSeconds, connection: 'close' },
      });
    }
    held += bytes;
    reply.raw.once('close', () => {
      held -= bytes;
    });
  });
}

/** Returns how many bytes a body may take: its announced length, or else its route's limit. */
function announcedBytes({ headers, routeOptions }: FastifyRequest): number {
  const { bodyLimit } = routeOptions;
  if (headers['transfer-encoding'] !== undefined) return bodyLimit;
  const bytes = Number(headers['content-length'] ?? 0);
  // Too large for its route: refused without being read.
  return bytes > bodyLimit ? 0 : bytes;
}
