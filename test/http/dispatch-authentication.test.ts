import { describe, expect, it } from 'vitest';
import { boot, payload, type Running, sign } from './harness.ts';
import { problemOf } from './problem-of.ts';

describe('POST /dispatch, authentication', () => {
  const body = JSON.stringify(payload);
  const good = sign(body);
  const flipped = `${good.slice(0, -1)}${good.endsWith('0') ? '1' : '0'}`;

  it.each([
    ['no header', null, 'signature-missing'],
    ['an empty header', '', 'signature-missing'],
    ['a short signature', good.slice(0, -2), 'signature-invalid'],
    ['a long signature', `${good}00`, 'signature-invalid'],
    ['no hex', `sha256=${'z'.repeat(64)}`, 'signature-invalid'],
    ['another algorithm', good.replace('sha256', 'sha1'), 'signature-invalid'],
    ['one digit changed', flipped, 'signature-invalid'],
    ['the signature of another secret', sign(body, 'another'), 'signature-invalid'],
    ['two signatures', `${good}, ${good}`, 'signature-invalid'],
  ])('refuses %s with 401', async (_what, signature, code) => {
    const app = await boot();
    const response = await app.post(body, { signature });
    expect(response.status).toBe(401);
    expect((await problemOf(response)).code).toBe(code);
    expect(app.accepted).toEqual([]);
  });

  it('accepts hex in capitals', async () => {
    const app = await boot();
    const signature = `sha256=${good.slice('sha256='.length).toUpperCase()}`;
    expect((await app.post(body, { signature })).status).toBe(202);
  });

  it('refuses everything while no secret is configured, and says so', async () => {
    const app = await boot({ dispatchSecrets: () => [] });
    const response = await app.post(body, { signature: sign(body, '') });
    expect(response.status).toBe(401);
    expect(await problemOf(response)).toMatchObject({
      code: 'signature-missing',
      detail: expect.stringContaining('not configured'),
    });
  });

  it('refuses an unsigned body before looking at whether it is JSON', async () => {
    const app = await boot();
    expect((await app.post('{', { signature: null })).status).toBe(401);
    expect((await app.post('{', { signature: sign('{') })).status).toBe(400);
  });

  it('limits failures of an address, never its valid signatures', async () => {
    const app = await boot();
    const statuses: number[] = [];
    for (let index = 0; index < 31; index++)
      statuses.push((await app.post(body, { signature: flipped })).status);
    expect(statuses.slice(0, 30)).toEqual(Array.from({ length: 30 }, () => 401));
    expect(statuses[30]).toBe(429);
    expect((await app.post(body)).status).toBe(202);
    const limited = await app.post(body, { signature: null });
    expect(limited.status).toBe(429);
    expect(limited.headers.get('connection')).toBe('close');
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await problemOf(limited)).code).toBe('rate-limited');
  });

  it('believes a forwarded address only from a trusted proxy', async () => {
    const fail = async (app: Running, address: string): Promise<number> =>
      (await app.post(body, { signature: null, headers: { 'x-forwarded-for': address } })).status;
    const direct = await boot();
    for (let index = 0; index < 30; index++) await fail(direct, `192.0.2.${index}`);
    expect(await fail(direct, '192.0.2.200')).toBe(429);
    await direct.close();
    const proxied = await boot({ trustProxy: ['127.0.0.1'] });
    for (let index = 0; index < 31; index++) await fail(proxied, '192.0.2.1');
    expect(await fail(proxied, '192.0.2.1')).toBe(429);
    expect(await fail(proxied, '192.0.2.2')).toBe(401);
  });
});
