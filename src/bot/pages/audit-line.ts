import type { AuditEntry } from '../../ports/audit.ts';
import { wordActor } from '../interactions/person.ts';
import { inert } from '../text/text.ts';

const factsMax = 160;

/**
 * Words an entry as `26 November 09:30 **job-started** · #12 · by publisher · attempt 1`, at most about 400 characters.
 */
export function wordEntry(entry: AuditEntry): string {
  const facts = listFacts(entry.facts);
  const rest = facts === '' ? '' : ` · ${inert(facts, factsMax)}`;
  const when = `<t:${Math.floor(entry.at / 1000)}:f>`;
  return `${when} **${inert(entry.action, 60)}** · ${inert(entry.subject, 90)} · by ${wordActor(entry.actor)}${rest}`;
}

/**
 * Lists facts such as `attempt 1, reason registry-forbidden`; commits are shortened, empty values left out. Outside
 * text, not yet inert.
 */
function listFacts(facts: AuditEntry['facts']): string {
  return Object.entries(facts)
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([key, value]) => `${key} ${wordFact(value)}`)
    .join(', ');
}

function wordFact(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value) ?? '';
  return /^[0-9a-f]{40}$/.test(value) ? value.slice(0, 7) : value;
}
