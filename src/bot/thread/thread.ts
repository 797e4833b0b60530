import { randomBytes } from 'node:crypto';
import type { Announcement, HoldSettled, JobFinished } from '../../domain/announcement/announcement.ts';
import type { Reminder } from '../../domain/announcement/reminder.ts';
import { type Thread, type ThreadMessages, ThreadTrouble } from '../../ports/announcements.ts';
import type { Button, Channel, Message, Pings } from '../../ports/chat.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import { failureButtons } from '../components/failure-buttons.ts';
import { reminderButtons } from '../components/reminder-buttons.ts';
import { renderFailed } from '../messages/failed.ts';
import type { Links } from '../messages/look.ts';
import {
  renderMonitoringNotice,
  renderOutage,
  renderRefused,
  renderRepositoryNotice,
} from '../messages/notices.ts';
import { type JobProgress, renderProgress } from '../messages/progress.ts';
import { renderPublished } from '../messages/published.ts';
import { renderDigest } from '../pages/digest.ts';
import { renderMonitor } from '../pages/monitor.ts';
import { renderReminder, renderReminders } from '../pages/reminder.ts';
import { renderShadow } from '../pages/shadow.ts';
import { cut, limits } from '../text/text.ts';

export interface ThreadDeps {
  /** The channel for outcomes of jobs. */
  readonly channel: Channel;
  /** The channel for reports about the service itself; may be the same. */
  readonly monitoring: Channel;
  readonly messages: ThreadMessages;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly links: Links;
  /** Returns who is notified when this job failed. */
  readonly pingsOf: (failed: Pick<JobFinished, 'pusher'>) => Pings;
}

export interface DiscordThread extends Thread {
  /** Shows the live message of a running job; silently skipped when the thread cannot be reached. */
  progress(progress: JobProgress): Promise<void>;
}

/** Discord limits edits of messages older than this; a new message is posted instead. */
const editableMs = 60 * 60_000;

/** Shows announcements as messages: each has a key, is posted once and edited afterwards. */
export function buildDiscordThread(deps: ThreadDeps): DiscordThread {
  const turns = new Map<string, Promise<unknown>>();

  /** Runs the writes of one key one after another. */
  async function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const result = (turns.get(key) ?? Promise.resolve()).then(work);
    const settled = result
      .catch(() => undefined)
      .finally(() => {
        if (turns.get(key) === settled) turns.delete(key);
      });
    turns.set(key, settled);
    return result;
  }

  const showIn =
    (channel: Channel): Show =>
    async (key, message, replyTo) =>
      inTurn(key, async () => {
        try {
          await showMessage({ ...deps, channel }, key, message, replyTo);
        } catch (error) {
          if (!(error instanceof ThreadTrouble) || error.kind !== 'refused') throw error;
          // A body that Discord rejects would be rejected forever: send it as plain text instead.
          deps.logger.error('a message was refused, its plain form is sent', { key, error });
          await showMessage({ ...deps, channel }, key, plainOf(message), replyTo);
        }
      });
  const show = showIn(deps.channel);
  const report = showIn(deps.monitoring);

  return {
    say: async (announcement, key) => {
      switch (announcement.kind) {
        case 'digest':
          return report(key, renderDigest(announcement.digest, deps.links));
        case 'monitor':
          return report(key, renderMonitor(announcement));
        case 'monitoring-notice':
          return report(key, renderMonitoringNotice(announcement, key, deps.clock.now()));
        default:
          return say(deps, show, announcement, key);
      }
    },
    alert: async (outage) => {
      await deps.channel.post(renderOutage(outage), { nonce: newNonce() });
    },
    progress: async (progress) => {
      const message = renderProgress(progress, deps.links);
      await show(liveKey(progress.job, progress.dispatchId), message).catch((error: unknown) => {
        deps.logger.debug('a live message waits', { job: progress.job, error });
      });
    },
  };
}

type Show = (key: string, message: Message, replyTo?: string) => Promise<void>;
type Outcome = Exclude<Announcement, { readonly kind: 'digest' | 'monitor' | 'monitoring-notice' }>;

async function say(deps: ThreadDeps, show: Show, announcement: Outcome, key: string): Promise<void> {
  switch (announcement.kind) {
    case 'job-finished':
      return sayFinished(deps, show, announcement);
    case 'job-retried':
    case 'fix-proposed':
    case 'hold-settled':
      return sayFollowed(deps, show, announcement);
    case 'outage':
    case 'outage-over':
      return show(`outage-${announcement.neighbour}-${announcement.since}`, renderOutage(announcement));
    case 'shadow-compared':
      return show(key, renderShadow(announcement));
    case 'reminder':
      return remind(deps, show, announcement, key);
    default:
      return show(key, renderNotice(announcement, key, deps.clock.now()));
  }
}

type Notice = Extract<Outcome, { readonly kind: 'dispatch-refused' | 'repository-notice' }>;

function renderNotice(notice: Notice, key: string, now: number): Message {
  return notice.kind === 'dispatch-refused'
    ? renderRefused(notice, now)
    : renderRepositoryNotice(notice, key, now);
}

type Followed = Extract<Outcome, { readonly kind: 'job-retried' | 'fix-proposed' | 'hold-settled' }>;

/** Updates the message of a job that failed or holds versions with what followed. */
async function sayFollowed(deps: ThreadDeps, show: Show, followed: Followed): Promise<void> {
  if (followed.kind === 'hold-settled') return saySettled(deps, show, followed);
  const { ended, fixes } = followed;
  const key = failedKey(ended);
  if (followed.kind === 'job-retried') {
    const { by, as, anyway } = followed;
    if (!isFailure(ended)) {
      const retried = { settled: [], retried: { by, as, anyway } };
      return show(liveKey(ended.job, ended.dispatchId), renderPublished(ended, deps.links, retried));
    }
    return show(key, renderFailed(ended, deps.links, failureButtons(ended, { by, as, anyway }, fixes)));
  }
  // A job that published everything has no failure message.
  if ((await deps.messages.find(key)) === undefined) return;
  await show(key, renderFailed(ended, deps.links, failureButtons(ended, undefined, fixes)));
}

/** Updates the message about held versions with their result. */
async function saySettled(
  deps: ThreadDeps,
  show: Show,
  { ended, retried, settled }: HoldSettled,
): Promise<void> {
  if (!isFailure(ended)) {
    const followed = { settled, ...(retried === undefined ? {} : { retried }) };
    return show(liveKey(ended.job, ended.dispatchId), renderPublished(ended, deps.links, followed));
  }
  const extras = { ...failureButtons(ended, retried), settled };
  return show(failedKey(ended), renderFailed(ended, deps.links, extras));
}

function isFailure({ status }: JobFinished): boolean {
  return status === 'failed' || status === 'partially-failed';
}

/** Sends one failure as a reply to its original message, several as one list. */
async function remind(deps: ThreadDeps, show: Show, reminder: Reminder, key: string): Promise<void> {
  const [only, ...others] = reminder.failures;
  if (only === undefined || others.length > 0) return show(key, renderReminders(reminder, deps.links));
  const extras = { buttons: reminderButtons(only), pings: deps.pingsOf(only) };
  const replyTo = (await deps.messages.find(failedKey(only)))?.messageId;
  return show(key, renderReminder(only, reminder.at, deps.links, extras), replyTo);
}

/**
 * Turns the live message into the final state, unless there is none and nothing was published; a failure is a message
 * of its own, so that it notifies.
 */
async function sayFinished(deps: ThreadDeps, show: Show, ended: JobFinished): Promise<void> {
  const live = liveKey(ended.job, ended.dispatchId);
  const hasLive = (await deps.messages.find(live)) !== undefined;
  const hasPublished = (ended.counts['published'] ?? 0) > 0;
  const isFailed = isFailure(ended);
  if (hasLive || hasPublished || !isFailed) await show(live, renderPublished(ended, deps.links));
  if (!isFailed) return;
  const replyTo = (await deps.messages.find(live))?.messageId;
  const extras = { ...failureButtons(ended), pings: deps.pingsOf(ended) };
  await show(failedKey(ended), renderFailed(ended, deps.links, extras), replyTo);
}

const liveKey = (job: number, dispatchId: string): string => `job-${job}-${dispatchId}`;
const failedKey = (ended: Pick<JobFinished, 'job' | 'dispatchId'>): string =>
  `${liveKey(ended.job, ended.dispatchId)}-failed`;

async function showMessage(deps: ThreadDeps, key: string, message: Message, replyTo?: string): Promise<void> {
  const known = await deps.messages.find(key);
  const id = known === undefined ? undefined : (known.messageId ?? (await findLost(deps, key, message)));
  if (id !== undefined && known !== undefined) {
    const isEditable = deps.clock.now() - known.postedAt < editableMs;
    if (isEditable && (await deps.channel.edit(id, message))) return;
    await deps.messages.replace(key, newNonce());
  } else {
    await deps.messages.begin(key, newNonce());
  }
  const nonce = (await deps.messages.find(key))?.nonce ?? newNonce();
  const options = { nonce, ...(replyTo === undefined ? {} : { replyTo }) };
  await deps.messages.posted(key, await deps.channel.post(message, options));
}

/** Finds a message whose post got no answer: it may be in the thread. */
async function findLost(deps: ThreadDeps, key: string, message: Message): Promise<string | undefined> {
  const footer = message.embeds[0]?.footer;
  const found = footer === undefined ? undefined : await deps.channel.findOwn(footer);
  if (found !== undefined) await deps.messages.posted(key, found);
  return found;
}

/** Returns a nonce of at most 25 characters (Discord's limit). */
function newNonce(): string {
  return randomBytes(12).toString('hex');
}

function plainOf(message: Message): Message {
  const buttons: readonly Button[] = [];
  const { files, pings = { users: [], roles: [] } } = message;
  return { content: cut(message.content, limits.content), embeds: [], buttons, files, pings };
}
