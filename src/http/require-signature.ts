import type { FastifyRequest } from 'fastify';
import type { FailureLimiter } from './failure-limiter.ts';
import { HttpProblem } from './problem.ts';
import { judgeSignature } from './signature.ts';

export interface SignatureRules {
  /** A signature with any of them is accepted; an empty list refuses all. */
  readonly secrets: readonly string[];
  /** The answer when no secret is configured. */
  readonly unconfigured: string;
}

const expected = 'X-Hub-Signature-256: sha256=<HMAC of the raw body in hex>';

/** Returns when the body's signature is valid. Throws 401, or 429 for an address that fails too often. */
export function requireSignature(
  limiter: FailureLimiter,
  request: FastifyRequest,
  body: Buffer,
  { secrets, unconfigured }: SignatureRules,
): void {
  const verdict = judgeSignature(request.headers['x-hub-signature-256'], body, secrets);
  if (verdict === 'valid') return;
  countFailure(limiter, request.ip);
  if (secrets.length === 0) throw new HttpProblem(401, 'signature-missing', unconfigured);
  if (verdict === 'missing') throw new HttpProblem(401, 'signature-missing', `Expected ${expected}.`);
  const detail = `The signature does not fit the body; expected ${expected}.`;
  throw new HttpProblem(401, 'signature-invalid', detail);
}

/** Counts a failure of an address; throws 429 when there were too many. */
export function countFailure(limiter: FailureLimiter, address: string): void {
  const waitSeconds = limiter.countFailure(address);
  if (waitSeconds === undefined) return;
  throw new HttpProblem(429, 'rate-limited', 'Too many requests without a valid signature.', {
    // On a kept-alive connection its next request would be checked in the same turn of the loop as everybody else's.
    headers: { 'retry-after': String(waitSeconds), connection: 'close' },
  });
}
