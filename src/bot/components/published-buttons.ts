import type { JobFinished, SettledHold } from '../../domain/announcement/announcement.ts';
import type { Button } from '../../ports/chat.ts';
import { type Links, registryAddress } from '../messages/look.ts';
import type { Retried } from '../messages/retried.ts';
import { buildStopWaitingButton } from './cancel-button.ts';
import { buildChangelogButton } from './changelog-button.ts';
import { failureButtons } from './failure-buttons.ts';
import { buildFixButton, isRepairable } from './fix-button.ts';

/** Discord's documentation of link buttons. */
const addressMax = 512;

/** Of one message, as we lay it out. */
const buttonsMax = 5;

/** Changelog, and Registry: the version when there is one alone, else where all of them are; Propose fix for what only warns. */
export function publishedButtons(
  ended: JobFinished,
  links: Links,
  followed: Followed = { settled: [] },
): readonly Button[] {
  const ofHeld = heldButtons(ended, followed);
  const [first, ...others] = ended.packages.filter((item) => item.outcome === 'published');
  if (first === undefined) return ofHeld;
  const exact = registryAddress(links, first.name, first.version ?? '');
  const url = others.length > 0 || exact.length > addressMax ? links.registryUrl : exact;
  const fix = ended.packages.some((item) => item.outcome === 'published' && isRepairable(item))
    ? [buildFixButton(ended.job)]
    : [];
  const registry: Button = { kind: 'link', url, label: 'Registry' };
  return [buildChangelogButton(ended.job), registry, ...fix, ...ofHeld].slice(0, buttonsMax);
}

/** None on a job that failed: the reply has them. */
function heldButtons(ended: JobFinished, { retried, settled }: Followed): readonly Button[] {
  const isFailed = ended.status === 'failed' || ended.status === 'partially-failed';
  const isOver = retried !== undefined || settled.length >= (ended.counts['held'] ?? 0);
  return isFailed || isOver ? [] : [...failureButtons(ended).buttons, buildStopWaitingButton(ended.job)];
}

/** What became of a job that published what it could. */
export interface Followed {
  /** Held versions whose wait is over. */
  readonly settled: readonly SettledHold[];
  /** Set when somebody retried it. */
  readonly retried?: Retried;
}
