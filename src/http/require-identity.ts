import { IssuerUnavailable, type WorkflowIdentity } from '../ports/github.ts';
import type { DispatchPayload } from '../publisher/dispatch/accept-dispatch.ts';
import type { RouteContext } from './context.ts';
import { fromStore, HttpProblem } from './problem.ts';
import { countFailure } from './require-signature.ts';

type Context = Pick<RouteContext, 'identity' | 'limiter'>;

const retryAfterSeconds = '30';

/** Returns the workflow behind `Authorization: Bearer …`. Throws 401, 429, or 503 while its issuer is unreachable. */
export async function requireIdentity(
  { identity, limiter }: Context,
  address: string,
  authorization: string,
): Promise<WorkflowIdentity> {
  const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]*)$/i.exec(authorization)?.[1];
  if (identity === undefined || token === undefined) {
    const why = identity === undefined ? 'there is no OIDC_AUDIENCE' : 'it is no identity token';
    throw refuse({ limiter }, address, why);
  }
  const found = await identity.identify(token).catch((error: unknown) => {
    if (!(error instanceof IssuerUnavailable)) throw error;
    throw new HttpProblem(
      503,
      'issuer-unavailable',
      'The issuer of identity tokens does not answer; try again.',
      {
        cause: error,
        headers: { 'retry-after': retryAfterSeconds },
      },
    );
  });
  if (found.kind === 'invalid') throw refuse({ limiter }, address, found.detail);
  return found.identity;
}

/** Returns when this workflow may ask for this dispatch; else throws 401 or 403. */
export async function requireAdmission(
  { identity, limiter }: Context,
  address: string,
  who: WorkflowIdentity,
  payload: DispatchPayload,
): Promise<void> {
  const admission = await fromStore(async () => identity?.admit(who, payload));
  if (admission?.kind === 'admitted') return;
  if (admission?.kind === 'forbidden')
    throw new HttpProblem(403, 'repository-not-allowed', `${admission.detail}.`);
  throw refuse({ limiter }, address, admission?.detail ?? 'identity tokens are not taken here');
}

function refuse({ limiter }: Pick<Context, 'limiter'>, address: string, why: string): HttpProblem {
  countFailure(limiter, address);
  return new HttpProblem(401, 'token-invalid', `The token cannot be used: ${why}.`);
}
