import type { FastifyRequest } from 'fastify';
import type { HttpApp } from './context.ts';
import { HttpProblem } from './problem.ts';

export interface BodyLimits {
  /** Bodies up to this size are bounded by the number of connections, and always taken. */
  readonly smallBytes: number;
  /** Larger ones that may be in memory at a time, together. */
  readonly heldBytes: number;
}

const retryAfterSeconds = '10';

/**
 * A body is in memory before its signature can be checked, so strangers decide how many there are: larger ones share a
 * budget, and what does not fit is answered with 503 before it is read.
 */
export function limitBodies(app: HttpApp, limits: BodyLimits): void {
  let held = 0;
  app.addHook('onRequest', async (request, reply) => {
    const bytes = announcedBytes(request);
    if (bytes <= limits.smallBytes) return;
    if (held + bytes > limits.heldBytes) {
      throw new HttpProblem(503, 'too-busy', 'Too many large requests are under way; try again.', {
        // What is on its way is not waited for.
        headers: { 'retry-after': retryAfterSeconds, connection: 'close' },
      });
    }
    held += bytes;
    reply.raw.once('close', () => {
      held -= bytes;
    });
  });
}

/** What may have to be held: as long as it says, or else as much as its route takes. */
function announcedBytes({ headers, routeOptions }: FastifyRequest): number {
  const { bodyLimit } = routeOptions;
  if (headers['transfer-encoding'] !== undefined) return bodyLimit;
  const bytes = Number(headers['content-length'] ?? 0);
  // Too much for its route: refused without being read.
  return bytes > bodyLimit ? 0 : bytes;
}
