import { failureButtons } from '../../src/bot/components/failure-buttons.ts';
import { renderFailed } from '../../src/bot/messages/failed.ts';
import { renderPublished } from '../../src/bot/messages/published.ts';
import { inert } from '../../src/bot/text/text.ts';
import type { JobFinished } from '../../src/domain/announcement/announcement.ts';
import type { Message } from '../../src/ports/chat.ts';
import { attachedText, textOf } from './message-limits.ts';
import { links } from './sample-job.ts';

const retried = { by: '1234567890123456789', as: 124 };

/** Renders the message of a failed job that was retried. */
export function renderFailureOf(ended: JobFinished): Message {
  return renderFailed(ended, links, failureButtons(ended, retried));
}

/** Renders both messages of a job, as the thread shows them. */
export function renderBoth(ended: JobFinished): readonly Message[] {
  const isFailed = ended.status === 'failed' || ended.status === 'partially-failed';
  return isFailed ? [renderPublished(ended, links), renderFailureOf(ended)] : [renderPublished(ended, links)];
}

/** Returns packages that should be mentioned but that no message names in full and no file lists. */
export function listDropped(ended: JobFinished, messages: readonly Message[]): readonly string[] {
  const shown = messages.map(textOf).join('\n');
  const attached = new Set(
    messages.flatMap((message) => attachedText(message).match(/^\S+ {2}\S+(?= )/gmu) ?? []),
  );
  return ended.packages
    .filter(({ outcome }) => ['published', 'failed', 'held', 'withdrawn'].includes(outcome))
    .filter(({ name, outcome }) => !attached.has(`${outcome}  ${name}`) && !isShown(shown, name))
    .map(({ name }) => name);
}

function isShown(shown: string, name: string): boolean {
  const whole = inert(name, 1_000).replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w.-])${whole}(?![\\w.-])`, 'u').test(shown);
}
