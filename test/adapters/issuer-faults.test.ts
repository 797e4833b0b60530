import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Fault, type FaultProxy, startFaultProxy } from '../../sandbox/fault-proxy.ts';
import { type ActionsIssuer, startActionsIssuer } from '../../sandbox/github/actions-issuer.ts';
import { buildWorkflowIdentities } from '../../src/adapters/github/workflow-identities.ts';
import { systemClock } from '../../src/adapters/system/system-clock.ts';
import { IssuerUnavailable, type WorkflowIdentities } from '../../src/ports/github.ts';
import { type Canary, startCanary } from '../faults/canary.ts';

const audience = 'upm-auto-publisher';
const claims = { repository: 'studio/tools', repository_id: 71, repository_owner_id: 7, event_name: 'push' };
const signal = AbortSignal.timeout(120_000);
let issuer: ActionsIssuer;
let proxy: FaultProxy;
let elsewhere: Canary;
let identities: WorkflowIdentities;

beforeAll(async () => {
  issuer = await startActionsIssuer();
  elsewhere = await startCanary();
});
afterAll(async () => {
  await issuer.stop();
  await elsewhere.stop();
});
beforeEach(async () => {
  await proxy?.stop();
  proxy = await startFaultProxy({ target: issuer.url });
  identities = buildWorkflowIdentities({ issuer: address(), audience, clock: systemClock, timeoutMs: 400 });
});
afterAll(async () => proxy.stop());

function address(): string {
  return proxy.url.replace(/\/$/, '');
}

/** Makes the issuer name itself by the proxy's address, behind which it runs here. */
const discovery = (): Fault => ({
  kind: 'status',
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ issuer: address(), jwks_uri: `${address()}/.well-known/jwks` }),
});
const json = (body: string): Fault => ({
  kind: 'status',
  status: 200,
  headers: { 'content-type': 'application/json' },
  body,
});

async function identify(): Promise<unknown> {
  return identities.identify(await issuer.sign(claims, { audience, issuer: address() }), signal);
}

const faults: readonly (readonly [string, () => Fault])[] = [
  ['503', () => ({ kind: 'status', status: 503 })],
  ['404', () => ({ kind: 'status', status: 404 })],
  ['a page', () => ({ kind: 'html-200' })],
  ['other JSON', () => json('{"message":"Welcome"}')],
  ['no object at all', () => json('null')],
  ['half of it', () => ({ kind: 'half-answer' })],
  ['nothing, and hangs up', () => ({ kind: 'reset', when: 'after-forwarding' })],
  ['nothing', () => ({ kind: 'hang' })],
  ['a byte now and then', () => ({ kind: 'dribble', chunkBytes: 1, everyMs: 50 })],
  ['without an end', () => ({ kind: 'endless' })],
  ['a redirect to elsewhere', () => ({ kind: 'redirect', status: 302, to: elsewhere.url })],
];

describe.each(['openid-configuration', 'jwks'])('the token issuer’s %s', (document) => {
  it.each(faults)(
    'when it is %s, decides nothing about a token, which is accepted afterwards',
    async (_what, fault) => {
      let isSpoilt = true;
      proxy.setFaults(({ path }) => {
        if (isSpoilt && path.endsWith(document)) return fault();
        return path.endsWith('openid-configuration') ? discovery() : undefined;
      });
      await expect(identify()).rejects.toBeInstanceOf(IssuerUnavailable);
      expect(elsewhere.heard()).toEqual([]);
      isSpoilt = false;
      expect(await identify()).toMatchObject({
        kind: 'identified',
        identity: { repository: 'studio/tools' },
      });
    },
  );

  it('when it has no end, is not read to the end', async () => {
    const sent = Promise.withResolvers<number>();
    proxy.setFaults(({ path }) => {
      if (path.endsWith(document)) return { kind: 'endless', closed: sent.resolve };
      return discovery();
    });
    await expect(identify()).rejects.toBeInstanceOf(IssuerUnavailable);
    expect(await sent.promise).toBeLessThan(32 * 1024 * 1024);
  });
});
