import { Routes } from 'discord.js';
import { describe, expect, test } from 'vitest';
import { discord, fixture, refusal, useDiscord } from './discord-fixture.ts';

useDiscord();

describe('faults of the Discord double', () => {
  test('a 429 is waited for, and asking too early is a violation', async () => {
    discord.rateLimit('/channels/', 1);
    const startedAt = performance.now();
    await fixture.send({ content: 'x' });
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(990);
    expect(discord.requests().map((request) => request.status)).toEqual([429, 200]);
    expect(discord.violations()).toEqual([]);

    discord.rateLimit('/channels/', 1, { global: true });
    const post = () =>
      fetch(`${discord.apiUrl}/v10/channels/${discord.threadId}/messages`, {
        method: 'POST',
        headers: { authorization: `Bot ${discord.botToken}`, 'content-type': 'application/json' },
        body: '{"content":"x"}',
      });
    expect((await post()).headers.get('x-ratelimit-global')).toBe('true');
    expect((await post()).status).toBe(429);
    expect(discord.violations()).toMatchObject([{ direction: 'behaviour' }]);
  });

  test('enforced rate limits are kept by the client without one 429', async () => {
    discord.enforceRateLimits(true);
    await Promise.all(Array.from({ length: 7 }, (_, index) => fixture.send({ content: String(index) })));
    expect(discord.requests().map((request) => request.status)).toEqual(Array(7).fill(200));
    const [first, ...others] = discord.messages();
    expect((others.at(-1)?.createdAt ?? 0) - (first?.createdAt ?? 0)).toBeGreaterThan(4000);
  });

  test('each fault does what its name says', async () => {
    const faults = {
      status: { kind: 'status', status: 503 },
      reset: { kind: 'reset' },
      storeThenReset: { kind: 'storeThenReset' },
      storeThenStatus: { kind: 'storeThenStatus', status: 502 },
    } as const;
    const ends: Record<string, unknown> = {};
    for (const [name, fault] of Object.entries(faults)) {
      discord.setFault(({ method, count }) => (method === 'POST' && count >= 1 ? fault : undefined));
      const error = await refusal(fixture.send({ content: name }));
      ends[name] = error.status ?? error.code;
    }
    expect(ends).toEqual({
      status: 503,
      reset: expect.stringMatching(/ECONNRESET|UND_ERR_SOCKET/),
      storeThenReset: expect.stringMatching(/ECONNRESET|UND_ERR_SOCKET/),
      storeThenStatus: 502,
    });
    expect(discord.messages().map((message) => message.content)).toEqual([
      'storeThenReset',
      'storeThenStatus',
    ]);
  });

  test('a request that hangs runs into the client’s timeout', async () => {
    discord.setFault(() => ({ kind: 'hang' }));
    const rest = fixture.createRest({ timeout: 100 });
    const sent = rest.post(Routes.channelMessages(discord.threadId), { body: { content: 'x' } });
    expect(await refusal(sent)).toMatchObject({ name: 'AbortError' });
    expect(discord.requests()).toMatchObject([{ method: 'POST', body: { content: 'x' }, status: undefined }]);
  });

  test('an unknown route is a violation', async () => {
    expect(await refusal(fixture.rest.get('/stickers/1'))).toMatchObject({ status: 404 });
    expect(discord.violations()).toHaveLength(1);
  });
});
