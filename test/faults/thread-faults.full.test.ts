import { describe, expect, it, vi } from 'vitest';
import { readCount } from '../world/stored-rows.ts';
import {
  failure,
  forbid,
  inThread,
  invited,
  packages,
  readDiscordState,
  success,
  type ThreadWorld,
  titles,
  within,
} from '../world/thread-world.ts';

const core = 'com.studio.core';
const ui = 'com.studio.ui';

/** What breaks, what /readyz says about it, and how a person repairs it. */
const toMend: readonly (readonly [
  string,
  string,
  (discord: ThreadWorld['discord'], isBroken: boolean) => void,
])[] = [
  [
    'locked',
    'unlock it',
    (discord, isBroken) => discord.setThreadState(discord.threadId, { locked: isBroken }),
  ],
  [
    'deleted',
    'thread',
    (discord, isBroken) => discord.setThreadState(discord.threadId, { deleted: isBroken }),
  ],
  [
    'closed to the bot',
    'Send Messages in Threads',
    (discord, isBroken) => discord.setBotPermissions(isBroken ? 1n << 10n : invited),
  ],
];

describe.concurrent('a thread that is', () => {
  it.each(toMend)(
    '%s is named in /readyz until it is repaired; then everything is announced once',
    async (_, words, change) => {
      await inThread({}, async ({ world, discord }) => {
        await world.process.waitFor((line) => line.msg === 'discord ready');
        change(discord, true);
        forbid(world, ui);
        const job = await world.publish({ files: packages(core, ui) });
        expect(job.status).toBe('partially-failed');
        await vi.waitFor(async () => {
          const state = await readDiscordState(world);
          expect(state).toMatchObject({ state: 'degraded', why: expect.stringContaining(words) });
        }, within);
        expect(titles(discord)).toEqual([]);
        change(discord, false);
        await vi.waitFor(() => expect(titles(discord)).toEqual([success, failure]), within);
        await vi.waitFor(
          async () => expect(await readDiscordState(world)).toMatchObject({ state: 'ok', why: null }),
          within,
        );
        expect(discord.violations()).toEqual([]);
      });
    },
  );

  it('archived is opened again by an announcement', async () => {
    await inThread({}, async ({ world, discord }) => {
      discord.archiveThread(discord.threadId);
      await world.publish({ files: packages(core) });
      await vi.waitFor(() => expect(titles(discord)).toEqual([success]), within);
    });
  });
});

describe.concurrent('Discord, when it', () => {
  it('revokes the token, ends the connection within 5 s; publishing goes on, and all is announced after a restart', async () => {
    await inThread({}, async ({ world, discord }) => {
      await world.process.waitFor((line) => line.msg === 'discord ready');
      discord.revokeToken();
      const revokedAt = Date.now();
      await world.process.waitFor((line) => line.msg.startsWith('Discord refuses us'));
      expect(Date.now() - revokedAt).toBeLessThan(5_000);
      expect((await world.publish({ files: packages(core) })).status).toBe('published');
      expect((await world.publish({ files: packages(ui) })).status).toBe('published');
      expect(await readDiscordState(world)).toMatchObject({
        state: 'down',
        why: expect.stringContaining('DISCORD_TOKEN'),
      });
      expect([discord.identifies(), titles(discord)]).toEqual([1, []]);
      expect(readCount(world, 'select count(*) from outbox where sent_at is null')).toBe(2);
      discord.restoreToken('another-good-token-of-the-bot');
      world.process.kill('SIGTERM');
      expect(await world.process.exited).toBe(0);
      world.process = await world.startProcess({ DISCORD_TOKEN: 'another-good-token-of-the-bot' });
      await vi.waitFor(() => expect(titles(discord)).toEqual([success, success]), within);
      expect(await readDiscordState(world)).toMatchObject({ state: 'ok' });
      expect(discord.identifies()).toBe(2);
    });
  });

  it('is not there at the start and during a publish, gets the announcement once when it is back', async () => {
    await inThread({}, async ({ world, discord }) => {
      await discord.goDown();
      await world.restart('SIGKILL');
      forbid(world, ui);
      const job = await world.publish({ files: packages(core, ui) });
      expect(job.status).toBe('partially-failed');
      await vi.waitFor(async () => expect((await readDiscordState(world)).state).toBe('degraded'), within);
      await discord.comeBack();
      await vi.waitFor(() => expect(titles(discord)).toEqual([success, failure]), within);
      await vi.waitFor(
        async () => expect(await readDiscordState(world)).toMatchObject({ state: 'ok' }),
        within,
      );
    });
  });

  it('answers 5xx, breaks connections and loses answers, gets every announcement once', async () => {
    await inThread({}, async ({ world, discord }) => {
      const faults = [
        { kind: 'status', status: 503 },
        { kind: 'storeThenReset' },
        { kind: 'reset' },
        { kind: 'storeThenStatus', status: 502 },
      ] as const;
      let at = 0;
      discord.setFault(({ path }) => (path.includes('/messages') ? faults[at++] : undefined));
      forbid(world, ui);
      await world.publish({ files: packages(core, ui) });
      await vi.waitFor(() => expect(titles(discord)).toEqual([success, failure]), within);
      const unsent = 'select count(*) from outbox where sent_at is null';
      await vi.waitUntil(() => readCount(world, unsent) === 0, within);
      expect(titles(discord)).toEqual([success, failure]);
      expect(await readDiscordState(world)).toMatchObject({ state: 'ok' });
    });
  });

  it('never answers a message, does not keep the process from stopping', async () => {
    await inThread({}, async ({ world, discord }) => {
      const asked = new Promise<void>((resolve) => {
        discord.setFault(({ method }) => {
          if (method !== 'POST') return undefined;
          resolve();
          return { kind: 'hang' };
        });
      });
      await world.publish({ files: packages(core) });
      await asked;
      const stoppedAt = Date.now();
      world.process.kill('SIGTERM');
      expect(await world.process.exited).toBe(0);
      expect(Date.now() - stoppedAt).toBeLessThan(15_000);
    });
  });
});
