import type { DiscordDouble } from 'discord-stand-in';
import { buildDiscordChannel } from '../../src/adapters/discord/discord-channel.ts';
import { buildPictures } from '../../src/adapters/discord/picture/pictures.ts';
import { systemClock } from '../../src/adapters/system/system-clock.ts';
import { reminderButtons } from '../../src/bot/components/reminder-buttons.ts';
import { renderDigest } from '../../src/bot/pages/digest.ts';
import { renderMonitor } from '../../src/bot/pages/monitor.ts';
import { renderReminder } from '../../src/bot/pages/reminder.ts';
import type { DayStatistics } from '../../src/domain/announcement/day-statistics.ts';
import type { Digest } from '../../src/domain/announcement/digest.ts';
import type { OpenFailure } from '../../src/domain/job/open-failure.ts';
import { summarizeDrift } from '../../src/domain/package/drift.ts';
import type { RepositoryId } from '../../src/domain/repository/repository.ts';
import type { Message } from '../../src/ports/chat.ts';

const links = { registryUrl: 'https://registry.studio.test/', gitServerUrl: 'https://git.studio.test' };
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const hourMs = 3_600_000;
const at = Date.UTC(2026, 10, 25, 8);

/** Weekdays with more or less to do, and a bad day now and then; the same every time. */
const days: readonly DayStatistics[] = Array.from({ length: 30 }, (_, index) => {
  const date = new Date(at - (29 - index) * 24 * hourMs);
  const isWorkday = date.getUTCDay() % 6 !== 0;
  const published = isWorkday ? 3 + ((index * 7) % 19) : 0;
  const failed = isWorkday && index % 6 === 0 ? 1 + (index % 3) : 0;
  return {
    day: date.toISOString().slice(0, 10),
    jobs: published,
    failedJobs: failed,
    published,
    failed,
    medianMs: published > 0 ? 3_000 + ((index * 1_700) % 9_000) : undefined,
    slowestMs: published > 0 ? 12_000 + ((index * 41_000) % 300_000) : undefined,
  };
});

const broken: OpenFailure = {
  job: 42,
  dispatchId: '7f3a0c442',
  repositoryId: 1 as RepositoryId,
  repository: 'studio/packages',
  commit: 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678',
  pusher: 'ada',
  finishedAt: at - 16 * hourMs,
  title: undefined,
  packages: [
    {
      name: 'com.studio.audio',
      version: '1.3.0',
      title: 'The registry does not let us publish com.studio.audio: HTTP 403',
    },
  ],
  isRetryable: true,
  isDismissed: false,
};

const digest: Digest = {
  from: at - 24 * hourMs,
  to: at,
  jobs: { ended: 14, failed: 1, slowest: { job: 38, repository: 'studio/world', durationMs: 201_000 } },
  published: ['core', 'ui', 'inventory', 'music', 'world', 'save'].map((name, index) => ({
    name: `com.studio.${name}`,
    version: `1.${index + 2}.0`,
    repository: 'studio/packages',
    job: 30 + index,
  })),
  failures: [broken],
  olderFailures: 2,
  parked: [],
  check: {
    at: at - hourMs,
    names: 127,
    unknownNames: 5,
    repositories: 12,
    unreadRepositories: 0,
    drift: { ...summarizeDrift([]), equal: 119, ahead: 1, behind: 2, unknown: 5 },
    anomalies: [
      {
        kind: 'unexplained-drift',
        name: 'com.studio.tools',
        repository: 'studio/tools',
        version: '0.9.0',
        latest: '0.8.2',
      },
      {
        kind: 'latest-is-prerelease',
        name: 'com.studio.net',
        latest: '3.0.0-beta.2',
        stable: '2.4.1',
      },
    ],
    olderAnomalies: 1,
  },
  expiring: [{ what: 'the registry’s token', expiresAt: at + 9 * 24 * hourMs }],
  nextRuns: [
    { name: 'reminders', at: at + hourMs / 12 },
    { name: 'monitor', at: at + 5 * hourMs },
  ],
  days,
};

export async function tellDigest(discord: DiscordDouble): Promise<void> {
  await post(discord, renderDigest(digest, links));
}

export async function tellMonitor(discord: DiscordDouble): Promise<void> {
  const job = { job: 51, repository: 'studio/world', status: 'running', since: at - 2 * hourMs } as const;
  const troubles = [
    { kind: 'stuck-job', ...job } as const,
    { kind: 'dispatcher-failing', repository: 'studio/tools', runs: 4 } as const,
  ];
  await post(discord, renderMonitor({ kind: 'monitor', troubles, stillOpen: 1, at }));
}

export async function remind(discord: DiscordDouble): Promise<void> {
  const failureMessage = discord.messages().at(-1)?.id;
  const extras = { buttons: reminderButtons(broken), pings: { users: [], roles: [] } };
  await post(discord, renderReminder(broken, at, links, extras), failureMessage);
}

async function post(discord: DiscordDouble, message: Message, replyTo?: string): Promise<void> {
  const pictures = buildPictures(silent);
  const { apiUrl, botToken, threadId: channelId } = discord;
  const channel = buildDiscordChannel({
    apiUrl,
    channelId,
    token: () => botToken,
    pictures,
    clock: systemClock,
  });
  const nonce = `report-${discord.messages().length}`;
  await channel.post(message, { nonce, ...(replyTo === undefined ? {} : { replyTo }) });
  await pictures.stop();
}
