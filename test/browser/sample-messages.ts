import type { DiscordDouble } from 'discord-stand-in';
import { buildDiscordChannel } from '../../src/adapters/discord/discord-channel.ts';
import { systemClock } from '../../src/adapters/system/system-clock.ts';
import { failureButtons } from '../../src/bot/components/failure-buttons.ts';
import { renderFailed } from '../../src/bot/messages/failed.ts';
import { renderOutage } from '../../src/bot/messages/notices.ts';
import { renderPublished } from '../../src/bot/messages/published.ts';
import {
  announceJob,
  type FinishedJob,
  type JobFinished,
} from '../../src/domain/announcement/announcement.ts';
import { failure } from '../../src/domain/failure/failure.ts';
import type { PackageResult } from '../../src/domain/job/report.ts';
import type { Integrity } from '../../src/domain/package/packument.ts';
import type { Message } from '../../src/ports/chat.ts';

const links = { registryUrl: 'https://registry.studio.test/', gitServerUrl: 'https://git.studio.test' };

function packageOf(name: string, more: Partial<PackageResult> = {}): PackageResult {
  return {
    name: `com.studio.${name}`,
    version: '1.3.0',
    previousVersion: '1.2.4',
    path: `Packages/${name}`,
    state: 'published',
    note: undefined,
    failure: undefined,
    distTag: 'latest',
    integrity: 'sha512-AAAA' as Integrity,
    tarballBytes: 24_000,
    findings: [],
    warnings: [],
    changelog: undefined,
    wordedByModel: false,
    additions: [],
    ...more,
  };
}

function jobOf(job: number, status: FinishedJob['status'], results: readonly PackageResult[]): JobFinished {
  const announcement = announceJob({
    job,
    dispatchId: `7f3a0c4${job}`,
    repository: 'studio/packages',
    commit: 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678',
    about: { subject: 'Mixer: duck music under dialogue', author: 'Ada Example', branch: 'main' },
    commitAuthor: undefined,
    requestedBy: 'event',
    status,
    failure: undefined,
    results,
    earlier: new Map(),
    durationMs: 4_300,
    finishedAt: Date.now(),
  });
  if (announcement.kind !== 'job-finished') throw new Error('another announcement');
  return announcement;
}

const broken = packageOf('audio', {
  state: 'failed',
  integrity: undefined,
  distTag: undefined,
  failure: failure('registry-forbidden', { name: 'com.studio.audio', detail: 'HTTP 403' }),
});

export const oneSuccess = jobOf(41, 'published', [packageOf('core')]);
export const oneFailure = jobOf(42, 'failed', [broken]);
export const mixed = jobOf(43, 'partially-failed', [
  packageOf('core'),
  packageOf('inventory', { version: '0.3.0-beta.2', distTag: 'beta', warnings: ['no CHANGELOG.md'] }),
  broken,
  packageOf('music', {
    state: 'held',
    failure: failure('dependency-held', { dependency: 'com.studio.audio' }),
  }),
]);
export const many = jobOf(
  44,
  'published',
  Array.from({ length: 109 }, (_, index) => packageOf(`module-${String(index + 1).padStart(3, '0')}`)),
);

/** Posts what the bot itself would post about a job. */
export async function tell(discord: DiscordDouble, ended: JobFinished): Promise<void> {
  const isFailed = ended.status === 'failed' || ended.status === 'partially-failed';
  const hasPublished = (ended.counts['published'] ?? 0) > 0;
  const live = hasPublished ? await post(discord, renderPublished(ended, links)) : undefined;
  if (isFailed) await post(discord, renderFailed(ended, links, failureButtons(ended)), live);
}

export async function tellOutage(discord: DiscordDouble): Promise<void> {
  const since = Date.now() - 240_000;
  await post(
    discord,
    renderOutage({ kind: 'outage', neighbour: 'registry', since, detail: 'HTTP 503', waiting: 3 }),
  );
}

async function post(discord: DiscordDouble, message: Message, replyTo?: string): Promise<string> {
  const channel = buildDiscordChannel({
    apiUrl: discord.apiUrl,
    token: () => discord.botToken,
    channelId: discord.threadId,
    clock: systemClock,
  });
  const nonce = `sample-${discord.messages().length}`;
  return channel.post(message, { nonce, ...(replyTo === undefined ? {} : { replyTo }) });
}
