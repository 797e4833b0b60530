import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, type JWTPayload, SignJWT } from 'jose';

export interface SignOptions {
  readonly key?: KeyObject;
  readonly alg?: string;
  readonly kid?: string;
  readonly audience?: string;
  readonly issuer?: string;
  readonly expiresAt?: string | number;
}

/** The issuer of GitHub Actions' identity tokens, and the address where a running workflow requests one. */
export interface ActionsIssuer {
  readonly url: string;
  readonly key: KeyObject;
  readonly publicKey: KeyObject;
  /** While true, everything is answered with 503. */
  isDown: boolean;
  /** Signs a token of this workflow; the claims must contain `aud`. */
  sign(claims: JWTPayload, options?: SignOptions): Promise<string>;
  /** Returns the variables that the runner puts into the environment of a step. */
  runnerEnvironment(claims: JWTPayload): Record<string, string>;
  stop(): Promise<void>;
}

export async function startActionsIssuer(): Promise<ActionsIssuer> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
  const runs = new Map<string, JWTPayload>();

  async function answer(url: URL, authorization: string | undefined): Promise<unknown> {
    if (url.pathname === '/.well-known/openid-configuration')
      return { issuer: issuer.url, jwks_uri: `${issuer.url}/.well-known/jwks` };
    if (url.pathname === '/.well-known/jwks') return { keys: [jwk] };
    const claims = runs.get(authorization?.replace(/^bearer /i, '') ?? '');
    const audience = url.searchParams.get('audience') ?? '';
    return claims === undefined ? undefined : { value: await issuer.sign(claims, { audience }) };
  }

  const server = createServer((request, response) => {
    void answer(new URL(request.url ?? '/', 'http://issuer'), request.headers.authorization).then(
      (document) => {
        const isAnswered = !issuer.isDown && document !== undefined;
        response.writeHead(isAnswered ? 200 : 503, { 'content-type': 'application/json' });
        response.end(JSON.stringify(isAnswered ? document : {}));
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer: ActionsIssuer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    key: privateKey,
    publicKey,
    isDown: false,
    sign: async (claims, options = {}) =>
      new SignJWT({ jti: randomUUID(), ...claims })
        .setProtectedHeader({ alg: options.alg ?? 'RS256', kid: options.kid ?? 'one' })
        .setIssuedAt()
        .setIssuer(options.issuer ?? issuer.url)
        .setAudience(options.audience ?? '')
        .setExpirationTime(options.expiresAt ?? '5m')
        .sign(options.key ?? privateKey),
    runnerEnvironment: (claims) => {
      const token = randomUUID();
      runs.set(token, claims);
      const url = `${issuer.url}/token?api-version=2.0`;
      return { ACTIONS_ID_TOKEN_REQUEST_TOKEN: token, ACTIONS_ID_TOKEN_REQUEST_URL: url };
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return issuer;
}
