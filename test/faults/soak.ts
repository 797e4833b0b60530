import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { runStorm, type StormSummary } from './storm.ts';
import { wordGrowth } from './storm-memory.ts';

const usage = 'npm run soak -- --minutes N [--seed S], N from 1 to 1440';
const repositories = 20;
/** More jobs than a machine of today completes. */
const wavesPerMinute = 30;
/** Limits the backlog: Discord takes a message a second, and jobs beyond that add no load but only a longer end. */
const leftAtMost = 100;
const linesShown = 20;
/** For this share of the time the process is killed; afterwards it stays alive and its memory is watched. */
const killedShare = 1 / 3;

/** Renders the summary for a person, with all problems in full. */
function word(summary: StormSummary, seed: number): string {
  const { dispatches, seconds, kills, injected, versions, puts, memory } = summary;
  const perMinute = Math.round((dispatches * 60) / seconds);
  const faults = Object.entries(injected).map(([kind, count]) => `${count} ${kind}`);
  const troubles = [...summary.lost, ...summary.doubled, ...summary.unaudited, ...summary.violations];
  return [
    `seed ${seed}`,
    `load held: ${dispatches} dispatches in ${seconds} s (${perMinute} a minute), ${repositories} repositories`,
    `faults injected: ${faults.join(', ')}, ${kills} kills`,
    `published: ${versions} versions with ${puts} uploads`,
    `lost ${summary.lost.length}, doubled ${summary.doubled.length}, not audited ${summary.unaudited.length}, ` +
      `refused by Discord ${summary.violations.length}`,
    `memory: ${memory.atStart} MB at the start, ${memory.atEnd} MB at the end; ${wordGrowth(memory.growth)}`,
    ...troubles.slice(0, linesShown),
    ...(troubles.length > linesShown ? [`… and ${troubles.length - linesShown} more`] : []),
  ].join('\n');
}

/**
 * Exit codes: 0 when nothing was lost or doubled and memory does not grow without end, 1 otherwise, 2 for bad input.
 */
async function soak(): Promise<number> {
  const { values } = parseArgs({ options: { minutes: { type: 'string' }, seed: { type: 'string' } } });
  const minutes = Number(values.minutes);
  const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > 1_440 || !Number.isInteger(seed)) {
    console.error(usage);
    return 2;
  }
  const summary = await runStorm({
    seed,
    repositories,
    commitsEach: minutes * wavesPerMinute,
    jobsPerKill: 60,
    leftAtMost,
    stopAfterMs: minutes * 60_000,
    killUntilMs: minutes * 60_000 * killedShare,
    tell: (line) => console.log(line),
  });
  console.log(word(summary, seed));
  const { lost, doubled, unaudited, violations, memory } = summary;
  const isGrowing = memory.growth !== undefined && (memory.growth.heap.grows || memory.growth.resident.grows);
  const isSound = [lost, doubled, unaudited, violations].every((found) => found.length === 0);
  return isSound && !isGrowing ? 0 : 1;
}

process.exitCode = await soak();
