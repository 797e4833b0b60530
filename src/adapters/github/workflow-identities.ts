import {
  createRemoteJWKSet,
  customFetch,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose';
import { z } from 'zod';
import { parseSlug } from '../../domain/repository/repository.ts';
import type { Clock } from '../../ports/clock.ts';
import { type Identified, IssuerUnavailable, type WorkflowIdentities } from '../../ports/github.ts';
import { buildAnewAfterStep } from '../system/after-step.ts';
import { takeWhole } from '../system/read-body.ts';

export interface WorkflowIdentitiesOptions {
  /** OIDC_ISSUER, without a trailing slash. */
  readonly issuer: string;
  /** OIDC_AUDIENCE. */
  readonly audience: string;
  readonly clock: Clock;
  /** Timeout for one request to the issuer. */
  readonly timeoutMs: number;
}

const documentMaxBytes = 1024 * 1024;
/** The only algorithm with which GitHub signs; the token's own header is not trusted. */
const algorithms = ['RS256'];
const clockToleranceSeconds = 30;
/** Longer tokens are refused. GitHub's tokens are valid for five minutes. */
const longestTokenBytes = 16 * 1024;

const idText = z.union([z.string().regex(/^\d{1,15}$/), z.int()]).transform(Number);
const claimsShape = z.object({
  jti: z.string().min(1).max(200),
  exp: z.number(),
  repository: z.string(),
  repository_id: idText,
  repository_owner_id: idText,
  event_name: z.string(),
});
const discoveryShape = z.object({ jwks_uri: z.url() });

/** Checks tokens of one issuer for one audience against the issuer's published keys. */
export function buildWorkflowIdentities(options: WorkflowIdentitiesOptions): WorkflowIdentities {
  const { issuer, audience, clock } = options;
  // The library refreshes keys by the host's clock.
  const findKept = buildAnewAfterStep(clock, (): { keys?: Promise<JWTVerifyGetKey> | undefined } => ({}));

  async function getKeys(signal: AbortSignal): Promise<JWTVerifyGetKey> {
    const kept = findKept();
    kept.keys ??= discover(options, signal);
    return kept.keys.catch((error: unknown) => {
      kept.keys = undefined;
      throw error;
    });
  }

  return {
    identify: async (token, signal) => {
      if (token.length > longestTokenBytes) return invalid('it is too long');
      const key = await getKeys(signal);
      try {
        const currentDate = new Date(clock.now());
        const rules = { issuer, audience, algorithms, currentDate, clockTolerance: clockToleranceSeconds };
        const { payload } = await jwtVerify(token, key, rules);
        return readClaims(payload);
      } catch (error) {
        signal.throwIfAborted();
        return explain(error);
      }
    },
  };
}

/** Reads the address of the keys from the issuer's discovery document; keys on another origin are not accepted. */
async function discover(options: WorkflowIdentitiesOptions, signal: AbortSignal): Promise<JWTVerifyGetKey> {
  const { issuer, timeoutMs } = options;
  try {
    const response = await fetchDocument(`${issuer}/.well-known/openid-configuration`, {
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    const url = new URL(discoveryShape.parse(await response.json()).jwks_uri);
    if (url.origin !== new URL(issuer).origin) throw new Error('its keys are on another host');
    return createRemoteJWKSet(url, { timeoutDuration: timeoutMs, [customFetch]: fetchDocument });
  } catch (error) {
    throw new IssuerUnavailable({ cause: error });
  }
}

/** Reads at most `documentMaxBytes`, because a request can be triggered by callers that are not yet authenticated. */
async function fetchDocument(url: string, init: RequestInit): Promise<Response> {
  return takeWhole(await fetch(url, init), documentMaxBytes);
}

function readClaims(payload: JWTPayload): Identified {
  const claims = claimsShape.safeParse(payload);
  const repository = claims.success ? parseSlug(claims.data.repository) : undefined;
  if (!claims.success || repository === undefined)
    return invalid('it lacks what GitHub Actions puts into it');
  const { jti, exp, repository_id: repositoryId, repository_owner_id: ownerId, event_name } = claims.data;
  const identity = { tokenId: jti, repository, repositoryId, ownerId, eventName: event_name };
  return { kind: 'identified', identity: { ...identity, expiresAt: exp * 1000 } };
}

function invalid(detail: string): Identified {
  return { kind: 'invalid', detail };
}

/** jose's error codes for faults of the token itself. */
const notSigned: readonly string[] = [
  'ERR_JWKS_NO_MATCHING_KEY',
  'ERR_JWKS_MULTIPLE_MATCHING_KEYS',
  'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
  'ERR_JOSE_ALG_NOT_ALLOWED',
  'ERR_JOSE_NOT_SUPPORTED',
  'ERR_JWS_INVALID',
  'ERR_JWT_INVALID',
];

/** Throws IssuerUnavailable when the keys cannot be fetched, because that says nothing about the token. */
function explain(error: unknown): Identified {
  if (error instanceof errors.JWTExpired) return invalid('it has expired, by the clock of this machine');
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'nbf')
    return invalid('it is not valid yet, by the clock of this machine');
  if (error instanceof errors.JWTClaimValidationFailed)
    return invalid(`its ${error.claim} is not what is expected`);
  if (error instanceof errors.JOSEError && notSigned.includes(error.code))
    return invalid('it is not signed by its issuer');
  throw new IssuerUnavailable({ cause: error });
}
