import type { AuditEntry } from '../../ports/audit.ts';
import { wordActor } from '../interactions/person.ts';
import { inert, plainLine } from '../text/text.ts';

type Words = (fact: (key: string) => string, by: string) => string;

const neighbours = new Map([
  ['registry', 'registry'],
  ['git-host', 'git host'],
]);
const neighbourOf = (name: string): string => neighbours.get(name) ?? name;

/** A map, because an object would find words for an action named like one of its inherited properties. */
const words: ReadonlyMap<string, Words> = new Map<string, Words>([
  ['dispatch-accepted', (_, by) => `asked for by ${by}`],
  ['dispatch-duplicate', (_, by) => `asked for once more by ${by}`],
  ['job-queued', (fact, by) => `asked for by ${by}, after #${fact('retryOf')}`],
  ['job-started', (fact) => `attempt ${fact('attempt')} began`],
  ['job-parked', (fact) => `waits for the ${neighbourOf(fact('neighbour'))}: ${fact('detail')}`],
  ['job-resumed', (fact) => `goes on: the ${neighbourOf(fact('neighbour'))} is well again`],
  ['job-postponed', (fact) => `attempt ${fact('attempt')} ended, the next one follows by itself`],
  ['job-awaits-registry', () => 'waits until the registry shows what was sent'],
  ['job-released', () => 'put back: the process stopped'],
  ['job-gave-way', () => 'older commits of the same history go first'],
  ['job-recovered', (fact) => `put back: the process had ended while it ran (${fact('crashes')})`],
  ['job-finished', (fact) => `ended: ${fact('status').replaceAll('-', ' ')}`],
  ['job-cancel-asked', (_, by) => `${by} asked to cancel it`],
  ['job-cancelled', (_, by) => `cancelled by ${by}`],
  ['job-retried', (fact, by) => `followed by #${fact('as')}, asked for by ${by}`],
  ['failure-dismissed', (_, by) => `${by} dismissed the failure`],
]);

/**
 * Words an event as `09:30:12 attempt 1 began`, in the reader's time zone: at most about 300 characters, outside text
 * inert.
 */
export function wordEvent(entry: AuditEntry): string {
  const said = say(entry, wordActor(entry.actor), (text) => inert(text, 120));
  return `<t:${Math.floor(entry.at / 1000)}:T> ${said}`;
}

/** Writes an event for an attached file: UTC, and the actor as the audit trail names them. */
export function listEvent(entry: AuditEntry): string {
  return `${new Date(entry.at).toISOString().slice(0, 19)}Z  ${say(entry, plainLine(entry.actor), plainLine)}`;
}

function say({ action, facts }: AuditEntry, by: string, write: (text: string) => string): string {
  const fact = (key: string): string => {
    const value = facts[key];
    return typeof value === 'string' || typeof value === 'number' ? write(String(value)) : '?';
  };
  return words.get(action)?.(fact, by) ?? `${write(action)} by ${by}`;
}
