import { createSecretKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type JWTPayload, UnsecuredJWT } from 'jose';
import { OAuth2Server } from 'oauth2-mock-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ActionsIssuer,
  type SignOptions,
  startActionsIssuer,
} from '../../sandbox/github/actions-issuer.ts';
import { buildWorkflowIdentities } from '../../src/adapters/github/workflow-identities.ts';
import { systemClock } from '../../src/adapters/system/system-clock.ts';
import type { Slug } from '../../src/domain/repository/repository.ts';
import { acceptDispatch } from '../../src/publisher/dispatch/accept-dispatch.ts';
import { admitWorkflow } from '../../src/publisher/github/admit-workflow.ts';
import type { Store } from '../../src/store/store.ts';
import { openTestStore } from '../store/test-store.ts';
import { payload, type Running, start } from './harness.ts';

const audience = 'upm-auto-publisher';
const claims = {
  repository: 'studio/tools',
  repository_id: '71',
  repository_owner_id: '7',
  event_name: 'push',
  ref: 'refs/heads/main',
};

let issuer: ActionsIssuer;
let store: Store;
let folder: string;
let running: Running;

async function startWith(issuerUrl: string): Promise<Running> {
  const identities = buildWorkflowIdentities({
    issuer: issuerUrl,
    audience,
    clock: systemClock,
    timeoutMs: 2_000,
  });
  return start({
    acceptDispatch: async (dispatch) =>
      acceptDispatch({ ...store, clock: systemClock, owners: ['studio'], onAccepted: () => {} }, dispatch),
    identity: {
      identify: async (token) => identities.identify(token, AbortSignal.timeout(5_000)),
      admit: async (identity, dispatch) => admitWorkflow(store, identity, dispatch),
    },
  });
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'identity-'));
  store = await openTestStore(folder);
  await store.repositories.addUnknown([
    { slug: 'studio/tools' as Slug, status: 'active' },
    { slug: 'studio/other' as Slug, status: 'active' },
  ]);
  issuer = await startActionsIssuer();
  running = await startWith(issuer.url);
});
afterEach(async () => {
  await running.close();
  await issuer.stop();
  await store.close();
  await rm(folder, { recursive: true });
});

async function sign(extra: JWTPayload = {}, how: SignOptions = {}): Promise<string> {
  return issuer.sign({ ...claims, ...extra }, { audience, ...how });
}

async function dispatch(token: string, body: unknown = payload, to = running): Promise<Response> {
  const headers = { authorization: `Bearer ${token}` };
  return to.post(JSON.stringify(body), { signature: null, headers });
}

async function refusal(token: string, body: unknown = payload): Promise<unknown> {
  const answer = await dispatch(token, body);
  const text = await answer.text();
  expect(text).not.toContain(token);
  const { code, detail } = JSON.parse(text) as { readonly code: string; readonly detail: string };
  return { status: answer.status, code, detail };
}

describe('an identity token', () => {
  it('of the repository itself dispatches; the same token for the same dispatch again gets a duplicate', async () => {
    const token = await sign();
    const first = await dispatch(token);
    expect([first.status, await first.json()]).toMatchObject([202, { duplicate: false }]);
    const second = await dispatch(token);
    expect([second.status, await second.json()]).toMatchObject([202, { duplicate: true }]);
  });

  it('has its workflow recorded as the actor of the job and of the duplicate', async () => {
    const token = await sign();
    await dispatch(token);
    await dispatch(token);
    const [duplicate, accepted] = await store.audit.list(2);
    const actor = 'workflow:studio/tools';
    expect(accepted).toMatchObject({ action: 'dispatch-accepted', actor, subject: '#1' });
    expect(duplicate).toMatchObject({ action: 'dispatch-duplicate', actor, subject: '#1' });
    expect(await store.queue.claim([])).toMatchObject({ requestedBy: actor });
  });

  it('is used for one dispatch only', async () => {
    const token = await sign();
    await dispatch(token);
    const another = { ...payload, commit_sha: 'f'.repeat(40) };
    expect(await refusal(token, another)).toMatchObject({ status: 401, code: 'token-invalid' });
  });

  it('of another repository is forbidden', async () => {
    const token = await sign({ repository: 'studio/other', repository_id: '72' });
    expect(await refusal(token)).toMatchObject({ status: 403, code: 'repository-not-allowed' });
  });

  it('is forbidden when its repository’s name now belongs to another repository or owner', async () => {
    expect((await dispatch(await sign())).status).toBe(202);
    expect(await refusal(await sign({ repository_id: '99' }))).toMatchObject({ status: 403 });
    expect(await refusal(await sign({ repository_owner_id: '8' }))).toMatchObject({ status: 403 });
    expect((await dispatch(await sign())).status).toBe(202);
  });

  it.each(['pull_request', 'pull_request_target', 'pull_request_review'])(
    'of %s is refused',
    async (event_name) => {
      expect(await refusal(await sign({ event_name }))).toMatchObject({ status: 401, code: 'token-invalid' });
    },
  );

  it('of a repository that is not registered is answered with that', async () => {
    const token = await sign({ repository: 'studio/new', repository_id: '5' });
    const body = { ...payload, repository: 'studio/new' };
    expect(await refusal(token, body)).toMatchObject({ status: 404, code: 'repository-not-registered' });
  });

  const publicPem = (): string => issuer.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const forgeries: readonly (readonly [string, () => Promise<string>])[] = [
    [
      'signed with another key',
      async () => sign({}, { key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey }),
    ],
    ['of a key that the issuer does not have', async () => sign({}, { kid: 'two' })],
    [
      'without a signature',
      async () =>
        new UnsecuredJWT({ ...claims, jti: 'x' })
          .setIssuer(issuer.url)
          .setAudience(audience)
          .setExpirationTime('5m')
          .encode(),
    ],
    [
      'signed with the public key as a secret',
      async () => sign({}, { alg: 'HS256', key: createSecretKey(Buffer.from(publicPem())) }),
    ],
    ['for somebody else', async () => sign({}, { audience: 'https://github.com/studio' })],
    ['of another issuer', async () => sign({}, { issuer: 'https://issuer.test' })],
    ['that has expired', async () => sign({}, { expiresAt: Math.floor(Date.now() / 1000) - 120 })],
    ['of tomorrow', async () => sign({ nbf: Math.floor(Date.now() / 1000) + 600 })],
    ['without an id', async () => sign({ jti: '' })],
    ['with ids that are none', async () => sign({ repository_id: '71; drop' })],
    [
      'whose claims were exchanged',
      async () => {
        const [head, , signature] = (await sign()).split('.');
        const body = Buffer.from(
          JSON.stringify({ ...claims, jti: 'y', aud: audience, iss: issuer.url, exp: 9e9 }),
        );
        return `${head}.${body.toString('base64url')}.${signature}`;
      },
    ],
    ['that is only words', async () => 'a.b.c'],
  ];

  it.each(forgeries)('%s is refused', async (_what, forge) => {
    expect(await refusal(await forge())).toMatchObject({ status: 401, code: 'token-invalid' });
    expect(await store.keeper.countDepth()).toMatchObject({ queued: 0 });
  });

  it('that cannot be checked now is neither accepted nor called wrong', async () => {
    issuer.isDown = true;
    const token = await sign();
    const answer = await dispatch(token);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('30');
    expect(await answer.json()).toMatchObject({ code: 'issuer-unavailable' });
    issuer.isDown = false;
    expect((await dispatch(token)).status).toBe(202);
  });

  it('is refused when no audience is set', async () => {
    const closed = await start();
    const answer = await dispatch(await sign(), payload, closed);
    await closed.close();
    expect([answer.status, await answer.json()]).toMatchObject([
      401,
      { detail: expect.stringContaining('OIDC_AUDIENCE') },
    ]);
  });

  it('of an independent issuer implementation is accepted as well', async () => {
    const independent = new OAuth2Server();
    await independent.issuer.keys.generate('RS256');
    await independent.start(0, '127.0.0.1');
    const url = `http://127.0.0.1:${independent.address().port}`;
    independent.issuer.url = url;
    const other = await startWith(url);
    const build = async (aud: string): Promise<string> =>
      independent.issuer.buildToken({
        scopesOrTransform: (_header, body) => {
          Object.assign(body, claims, { aud, jti: randomUUID() });
        },
      });
    const taken = await dispatch(await build(audience), payload, other);
    const refused = await dispatch(await build('somebody-else'), payload, other);
    await other.close();
    await independent.stop();
    expect([taken.status, refused.status]).toEqual([202, 401]);
  });
});
