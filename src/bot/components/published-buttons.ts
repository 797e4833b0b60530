import type { JobFinished } from '../../domain/announcement.ts';
import type { Button } from '../../ports/channel.ts';
import { type Links, registryAddress } from '../embeds/look.ts';
import { buildChangelogButton } from './changelog-button.ts';
import { buildFixButton, isRepairable } from './fix-button.ts';

/** Discord's documentation of link buttons. */
const addressMax = 512;

/** Changelog, and Registry: the version when there is one alone, else where all of them are; Propose fix for what only warns. */
export function publishedButtons(ended: JobFinished, links: Links): readonly Button[] {
  const [first, ...others] = ended.packages.filter((item) => item.outcome === 'published');
  if (first === undefined) return [];
  const exact = registryAddress(links, first.name, first.version ?? '');
  const url = others.length > 0 || exact.length > addressMax ? links.registryUrl : exact;
  const fix = ended.packages.some((item) => item.outcome === 'published' && isRepairable(item))
    ? [buildFixButton(ended.job)]
    : [];
  return [buildChangelogButton(ended.job), { kind: 'link', url, label: 'Registry' }, ...fix];
}
