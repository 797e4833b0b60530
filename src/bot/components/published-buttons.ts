import type { JobFinished, SettledHold } from '../../domain/announcement/announcement.ts';
import type { Button } from '../../ports/chat.ts';
import { type Links, registryAddress } from '../messages/look.ts';
import type { Retried } from '../messages/retried.ts';
import { buildStopWaitingButton } from './cancel-button.ts';
import { buildChangelogButton } from './changelog-button.ts';
import { failureButtons } from './failure-buttons.ts';
import { buildFixButton, isRepairable } from './fix-button.ts';

/** The longest URL of a link button, from Discord's documentation. */
const addressMax = 512;

/** The most buttons we put on one message. */
const buttonsMax = 5;

/**
 * Builds Changelog, Registry (one version's page, or the list of all when there are several), and Propose fix for
 * repairable warnings.
 */
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

/** Returns the buttons for held versions. A failed job has none here: they are on the reply about its failure. */
function heldButtons(ended: JobFinished, { retried, settled }: Followed): readonly Button[] {
  const isFailed = ended.status === 'failed' || ended.status === 'partially-failed';
  const isOver = retried !== undefined || settled.length >= (ended.counts['held'] ?? 0);
  return isFailed || isOver ? [] : [...failureButtons(ended).buttons, buildStopWaitingButton(ended.job)];
}

/** What happened after a job published what it could. */
export interface Followed {
  /** Held versions that no longer wait. */
  readonly settled: readonly SettledHold[];
  /** Set when somebody retried it. */
  readonly retried?: Retried;
}
