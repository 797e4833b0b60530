import type { Queued } from '../../publisher/operations/request-publish.ts';
import { commitLink, type Links } from './look.ts';
import { wordStatus } from './signs.ts';

/** Words the result of a request to publish as one line. */
export function wordQueued(queued: Queued, links: Links): string {
  const { job, status, position } = queued;
  if (queued.duplicate) return `That version is already job #${job} (${wordStatus(status)}).`;
  const where = position === undefined ? wordStatus(status) : `position ${position}`;
  return `Queued #${job} · ${where} · ${commitLink(links, queued.repository, queued.commit)} · the thread shows the rest`;
}
