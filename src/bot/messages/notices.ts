import type { Announcement, MonitoringNotice } from '../../domain/announcement/announcement.ts';
import type { Embed, Message } from '../../ports/chat.ts';
import { inert, wordDuration } from '../text/text.ts';
import { colors } from './look.ts';

type OutageAnnouncement = Extract<Announcement, { kind: 'outage' | 'outage-over' }>;

interface OutageWords {
  readonly down: string;
  readonly back: string;
  /** Completes "It was …". */
  readonly was: string;
  readonly remedy: string;
}

const byThemselves = 'they go on by themselves';

function wordNeighbour(name: string): OutageWords {
  return {
    down: `${name} unreachable`,
    back: `${name} is back`,
    was: 'unreachable',
    remedy: `Nothing to do: ${byThemselves}.`,
  };
}

const words: Readonly<Record<OutageAnnouncement['neighbour'], OutageWords>> = {
  registry: wordNeighbour('Registry'),
  'git-host': wordNeighbour('Git host'),
  disk: {
    down: 'The publisher’s disk is full or cannot be written',
    back: 'The publisher’s disk can be written again',
    was: 'full, or not to be written,',
    remedy: `Free space on the volume of DATA_DIR, or mount it for writing: ${byThemselves} then.`,
  },
};

/** Builds one message for a whole outage; edited when the outage is over. */
export function renderOutage(outage: OutageAnnouncement): Message {
  const { down, back, was, remedy } = words[outage.neighbour];
  const since = `<t:${Math.floor(outage.since / 1000)}:f>`;
  const footer = `${outage.neighbour} · ${new Date(outage.since).toISOString()}`;
  if (outage.kind === 'outage-over') {
    const took = wordDuration(outage.until - outage.since);
    const embed: Embed = {
      title: `✅ ${back}`,
      color: colors.published,
      description: `It was ${was} from ${since} for ${took}. Everything that waited goes on by itself.`,
      fields: [],
      footer,
      at: outage.until,
    };
    return { content: `✅ ${back} after ${took}`, embeds: [embed], buttons: [], files: [] };
  }
  const waiting = wordWaiting(outage.waiting);
  const embed: Embed = {
    title: `⏳ ${down}`,
    color: colors.waiting,
    description: `Since ${since}: ${inert(outage.detail, 300)}.\n${waiting}. ${remedy}`,
    fields: [],
    footer,
    at: outage.since,
  };
  return { content: `⏳ ${down}; ${waiting}`, embeds: [embed], buttons: [], files: [] };
}

function wordWaiting(count: number | undefined): string {
  if (count === undefined) return 'Nothing can be accepted or published';
  return count === 1 ? '1 publish waits' : `${count} publishes wait`;
}

export function renderRefused(
  refused: Extract<Announcement, { kind: 'dispatch-refused' }>,
  at: number,
): Message {
  const embed: Embed = {
    title: '🚫 A dispatch was refused',
    color: colors.waiting,
    description: `**${inert(refused.failure.title, 500)}**\n→ ${inert(refused.failure.remedy, 500)}`,
    fields: [],
    footer: `${inert(refused.repository, 200)} · ${new Date(at).toISOString().slice(0, 10)}`,
    at,
  };
  return { content: `🚫 ${inert(refused.failure.title, 300)}`, embeds: [embed], buttons: [], files: [] };
}

/** `key` distinguishes notices about the same repository. */
export function renderRepositoryNotice(
  notice: Extract<Announcement, { kind: 'repository-notice' }>,
  key: string,
  at: number,
): Message {
  const embed: Embed = {
    title: 'ℹ️ About a repository',
    color: colors.waiting,
    description: `**${inert(notice.title, 500)}**\n→ ${inert(notice.remedy, 500)}`,
    fields: [],
    footer: `${inert(notice.repository, 200)} · ${inert(key, 200)}`,
    at,
  };
  return { content: `ℹ️ ${inert(notice.title, 300)}`, embeds: [embed], buttons: [], files: [] };
}

const tones = {
  trouble: { sign: '⚠️', color: colors.failed },
  good: { sign: '✅', color: colors.published },
  note: { sign: 'ℹ️', color: colors.waiting },
} as const;

/** `key` distinguishes notices about the same subject. */
export function renderMonitoringNotice(notice: MonitoringNotice, key: string, at: number): Message {
  const { sign, color } = tones[notice.tone];
  const since = notice.since === null ? '' : `\nSince <t:${Math.floor(notice.since / 1000)}:f>.`;
  const title = inert(notice.title, 500);
  const embed: Embed = {
    title: `${sign} The publisher itself`,
    color,
    description: `**${title}**\n→ ${inert(notice.detail, 1_000)}${since}`,
    fields: [],
    footer: `${inert(notice.subject, 200)} · ${inert(key, 200)}`,
    at,
  };
  return { content: `${sign} ${inert(notice.title, 300)}`, embeds: [embed], buttons: [], files: [] };
}
