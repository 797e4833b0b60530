import type { HeldBehind, JobFinished, SettledHold } from '../../domain/announcement/announcement.ts';
import type { Pen } from '../text/text.ts';
import { nameMax } from './look.ts';
import { listNames } from './package-list.ts';

export const namesShown = 5;
const settledShown = 10;

/** Builds one line for all versions that wait behind the same package, and one for each that no longer waits. */
export function describeHeld(
  { held }: JobFinished,
  settled: readonly SettledHold[],
  pen: Pen,
): readonly string[] {
  const over = new Set(settled.map(({ name }) => name));
  const waiting = held
    .map((group) => ({ ...group, names: group.names.filter((name) => !over.has(name)) }))
    .filter(({ names }) => names.length > 0);
  const lines = waiting.slice(0, namesShown).map((group) => wordGroup(group, pen));
  const more = waiting.length - lines.length;
  const ended = settled.slice(0, settledShown).map((hold) => wordSettled(hold, pen));
  const left = settled.length - ended.length;
  return [
    ...lines,
    ...(more > 0 ? [`… and behind ${more} more, all in the attached list`] : []),
    ...ended,
    ...(left > 0 ? [`… and ${left} more`] : []),
  ];
}

/**
 * Words `78 held by com.theone.core`, or `2 wait for com.theone.core 1.2.0` when that version comes from another job.
 */
function wordGroup({ by, names, version }: HeldBehind, pen: Pen): string {
  const count = names.length;
  const root = version === undefined ? by : `${by} ${version}`;
  const what = version === undefined ? 'held by' : `${count === 1 ? 'waits' : 'wait'} for`;
  const line = `⏸️ ${count} ${what} **${pen.write(root, nameMax)}**`;
  return count > namesShown ? line : `${line}: ${listNames(names, namesShown, pen)}`;
}

function wordSettled({ detail, job, name, outcome, version }: SettledHold, pen: Pen): string {
  const what = pen.write(`${name} ${version}`, nameMax);
  const by = job === null ? '' : ` by #${job}`;
  const why = detail === null ? '' : `: ${pen.write(detail, 200)}`;
  switch (outcome) {
    case 'published':
      return `📦 **${what}** was published${by}`;
    case 'passed':
      return `☑️ **${what}** waits no more${why}`;
    case 'failed':
      return `❌ **${what}** was not published${by}${why}`;
    case 'cancelled':
      return `⏹️ **${what}** was cancelled${by}`;
  }
}
