import type { Fault } from 'discord-stand-in';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobProgress } from '../../../src/bot/messages/progress.ts';
import { sampleFailed, sampleJob, samplePackage } from '../sample-job.ts';
import { pusherId, startThread, type ThreadFixture } from '../thread-fixture.ts';

let fixture: ThreadFixture;

beforeEach(async () => {
  fixture = await startThread();
});

afterEach(async () => fixture.stop());

const published = sampleJob([samplePackage('com.studio.core')]);
const failed = sampleJob([sampleFailed('com.studio.core')]);
const mixed = sampleJob([samplePackage('com.studio.core'), sampleFailed('com.studio.ui')], { pusher: 'ada' });
const say = async (ended = published): Promise<void> => fixture.thread.say(ended, 'announcement-1');
const titles = (): readonly (string | undefined)[] =>
  fixture.standing().map(({ embeds }) => embeds[0]?.title);
const success = '📦 Package Published Successfully';
const failure = '❌ Package Publish Failed';

const progress: JobProgress = {
  job: published.job,
  dispatchId: published.dispatchId,
  repository: published.repository,
  commit: published.commit,
  done: 0,
  total: 1,
  stages: [{ package: 'com.studio.core', stage: 'pack' }],
  waitingFor: undefined,
  startedAt: 1_790_000_000_000,
};

/** Applies the fault to the first request of this method. */
function spoilFirst(method: string, fault: Fault): void {
  fixture.discord.setFault((request) =>
    request.method === method && request.count === 1 ? fault : undefined,
  );
}

describe('a job’s outcome in the thread', () => {
  it('is one message, however often it is announced', async () => {
    await say(mixed);
    await say(mixed);
    expect(titles()).toEqual([success, failure]);
    expect(fixture.discord.violations()).toEqual([]);
  });

  it('replaces the live message of its job', async () => {
    await fixture.thread.progress(progress);
    expect(fixture.standing()[0]?.buttons.map(({ label }) => label)).toEqual(['Cancel']);
    await say();
    expect(titles()).toEqual([success]);
    expect(fixture.standing()[0]?.buttons.map(({ label }) => label)).toEqual(['Changelog', 'Registry']);
  });

  it('replies to the live message when something failed, and notifies exactly the pusher', async () => {
    await say(mixed);
    const [live, reply] = fixture.standing();
    expect(reply?.reference).toBe(live?.id);
    expect(reply?.pings).toEqual({ everyone: false, users: [pusherId], roles: [] });
    expect(live?.pings).toEqual({ everyone: false, users: [], roles: [] });
  });

  it('notifies nobody whom a hostile commit names', async () => {
    const name = `@everyone <@${pusherId}> <@&${pusherId}>`;
    await say({ ...mixed, pusher: name, repository: name, packages: [sampleFailed(name, { title: name })] });
    expect(fixture.standing().map(({ pings }) => pings)).toEqual(
      fixture.standing().map(() => ({ everyone: false, users: [], roles: [] })),
    );
  });
});

describe('a message whose answer was lost', () => {
  it.each([0, 10 * 60_000])('is found again after %i ms and not posted twice', async (ms) => {
    spoilFirst('POST', { kind: 'storeThenReset' });
    await expect(say()).rejects.toMatchObject({ kind: 'later' });
    fixture.discord.advanceTime(ms);
    await say();
    expect(titles()).toEqual([success]);
  });

  it('is posted when it had not arrived', async () => {
    spoilFirst('POST', { kind: 'reset' });
    await expect(say()).rejects.toMatchObject({ kind: 'later' });
    await say();
    expect(titles()).toEqual([success]);
  });

  it('is found when the lost answer was that of an edit', async () => {
    await fixture.thread.progress(progress);
    spoilFirst('PATCH', { kind: 'storeThenReset' });
    await expect(say()).rejects.toMatchObject({ kind: 'later' });
    await say();
    expect(titles()).toEqual([success]);
  });
});

describe('a message that may not be editable any more', () => {
  it('is posted again when somebody deleted it', async () => {
    await fixture.thread.progress(progress);
    fixture.discord.deleteMessage(fixture.standing()[0]?.id ?? '');
    await say();
    expect(titles()).toEqual([success]);
  });

  it('is posted again when it is older than an hour', async () => {
    await fixture.thread.progress(progress);
    fixture.clock.advance(61 * 60_000);
    await say();
    expect(titles()).toEqual(['🚀 Publishing', success]);
  });

  it('is edited when it had to wait for an hour before it could be posted', async () => {
    spoilFirst('POST', { kind: 'status', status: 503 });
    await fixture.thread.progress(progress);
    fixture.clock.advance(61 * 60_000);
    await fixture.thread.progress(progress);
    await say();
    expect(titles()).toEqual([success]);
  });

  it('is posted again in an archived thread, which opens the thread', async () => {
    await fixture.thread.progress(progress);
    fixture.discord.archiveThread(fixture.discord.threadId);
    await say();
    expect(titles()).toEqual(['🚀 Publishing', success]);
  });

  it('gets its final state although every edit before it failed', async () => {
    await fixture.thread.progress(progress);
    const { discord } = fixture;
    discord.setFault(({ method }) => (method === 'PATCH' ? { kind: 'status', status: 500 } : undefined));
    await fixture.thread.progress({ ...progress, done: 1 });
    await expect(say()).rejects.toMatchObject({ kind: 'later' });
    discord.setFault(undefined);
    await say();
    expect(titles()).toEqual([success]);
  });
});

describe('a thread that a person must repair', () => {
  const broken: readonly (readonly [string, string, (mend: boolean) => void])[] = [
    [
      'locked',
      'unlock it',
      (mend) => fixture.discord.setThreadState(fixture.discord.threadId, { locked: !mend }),
    ],
    [
      'deleted',
      'set DISCORD_THREAD_ID',
      (mend) => fixture.discord.setThreadState(fixture.discord.threadId, { deleted: !mend }),
    ],
    [
      'without the permission to send',
      'Send Messages in Threads',
      (mend) => fixture.discord.setBotPermissions(mend ? 274_878_024_704n : 1n << 10n),
    ],
    [
      'that is not seen',
      'View Channel',
      (mend) => fixture.discord.setBotPermissions(mend ? 274_878_024_704n : 0n),
    ],
  ];
  it.each(broken)(
    '(%s) is named with the remedy, and announced once when it is repaired',
    async (_, remedy, change) => {
      change(false);
      const trouble = { kind: 'blocked', message: expect.stringContaining(remedy) };
      await expect(say(mixed)).rejects.toMatchObject(trouble);
      await expect(say(mixed)).rejects.toMatchObject(trouble);
      change(true);
      await say(mixed);
      expect(titles()).toEqual([success, failure]);
    },
  );

  it('(whose bot has a refused token) is named', async () => {
    fixture.discord.revokeToken();
    await expect(say()).rejects.toMatchObject({
      kind: 'blocked',
      message: expect.stringContaining('DISCORD_TOKEN'),
    });
  });
});

describe('Discord, when it is slow, limits or refuses', () => {
  it.each([false, true])('is asked again only after Retry-After (for everything: %s)', async (global) => {
    fixture.discord.rateLimit(`/channels/${fixture.discord.threadId}`, 0.3, { global });
    await say(mixed);
    expect(titles()).toEqual([success, failure]);
    expect(fixture.discord.violations()).toEqual([]);
  });

  it('gets no more than the five writes in five seconds that it allows', async () => {
    fixture.discord.enforceRateLimits(true);
    for (let job = 1; job <= 7; job++) await say({ ...published, job });
    expect(titles().length).toBe(7);
    expect(fixture.discord.requests().filter(({ status }) => status === 429)).toEqual([]);
  });

  it.each([500, 502, 503])('is asked again later after a %i', async (status) => {
    spoilFirst('POST', { kind: 'status', status });
    await expect(say()).rejects.toMatchObject({ kind: 'later' });
    await say();
    expect(titles()).toEqual([success]);
  });

  it('gets a plain text when it does not accept the message', async () => {
    spoilFirst('POST', { kind: 'status', status: 400, body: { code: 50_035, message: 'Invalid Form Body' } });
    await say(failed);
    expect(fixture.standing().map(({ content, embeds }) => [content, embeds.length])).toEqual([
      [expect.stringContaining('com.studio.core was not published'), 0],
    ]);
  });

  it('shows the plain text once, although its answer was lost', async () => {
    const refused = {
      kind: 'status',
      status: 400,
      body: { code: 50_035, message: 'Invalid Form Body' },
    } as const;
    fixture.discord.setFault(({ method, count }) => {
      if (method !== 'POST') return undefined;
      return count === 1 ? refused : count === 2 ? { kind: 'storeThenReset' } : undefined;
    });
    await expect(say(failed)).rejects.toMatchObject({ kind: 'later' });
    await say(failed);
    expect(fixture.standing().length).toBe(1);
  });

  it('never shows one job twice, however many announcements come at once', async () => {
    await Promise.all([say(), fixture.thread.progress(progress), say()]);
    expect(fixture.standing().length).toBe(1);
  });
});
