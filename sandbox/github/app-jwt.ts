import { createPublicKey, verify } from 'node:crypto';
import { ApiError } from './api-error.ts';
import type { GitHubState } from './state.ts';

const longestLifeSeconds = 600;
/** How far GitHub's clock and the App's may differ. */
const driftSeconds = 60;

/** Throws GitHub's answer to an App's token that is forged, expired or lives too long. */
export function checkAppToken(state: GitHubState, token: string | undefined): void {
  const [head = '', body = '', signature = ''] = (token ?? '').split('.');
  const header = parse(head);
  if (header['alg'] !== 'RS256') throw new ApiError(401, 'A JSON web token could not be decoded');
  const isSigned = verify(
    'sha256',
    Buffer.from(`${head}.${body}`),
    createPublicKey(state.appKey),
    Buffer.from(signature, 'base64url'),
  );
  if (!isSigned) throw new ApiError(401, 'A JSON web token could not be decoded');
  checkClaims(state, parse(body));
}

function checkClaims(state: GitHubState, claims: Readonly<Record<string, unknown>>): void {
  const nowSeconds = state.now() / 1000;
  const issuedAt = Number(claims['iat']);
  const expiresAt = Number(claims['exp']);
  if (String(claims['iss']) !== state.appId) throw new ApiError(404, 'Integration not found');
  if (!(issuedAt <= nowSeconds + driftSeconds))
    throw new ApiError(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  if (!(expiresAt > nowSeconds) || expiresAt - nowSeconds > longestLifeSeconds + driftSeconds)
    throw new ApiError(401, "'Expiration time' claim ('exp') is too far in the future");
}

function parse(part: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}
