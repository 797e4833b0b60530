import { randomBytes } from 'node:crypto';
import { Outage, PublishError, renderFailure } from '../../domain/failure/failure.ts';
import type { RunEnding } from '../../domain/schedule/scheduled-run.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { NewRun, ScheduledRuns } from '../../ports/schedule.ts';
import { pause } from '../../publisher/pacing/wait.ts';
import type { ScheduledJob } from '../scheduled-job.ts';

export interface RunJobDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly runs: Pick<ScheduledRuns, 'begin' | 'end'>;
}

/** The longest a run may take. */
const runLimitMs = 60 * 60_000;
/** Grace for a run to react to its signal; after this it is left running and no longer awaited. */
const listenMs = 5_000;

export interface Ran {
  readonly id: number;
  /** Resolves when the work has really ended, which may be after its time limit. */
  readonly left: Promise<void>;
}

/** Runs a job once and records its start and end. Throws when the start cannot be recorded; then nothing was done. */
export async function runJob(
  deps: RunJobDeps,
  job: ScheduledJob,
  run: NewRun,
  stopping: AbortSignal,
): Promise<Ran> {
  const { clock, logger, runs } = deps;
  const id = await runs.begin(run);
  const startedAt = clock.monotonic();
  logger.info('scheduled job started', { job: job.name, cause: run.cause });
  const late = new AbortController();
  const work = startWork(deps, job, run, AbortSignal.any([late.signal, stopping]));
  const ended = await endInTime(clock, work, late, stopping);
  await runs.end(id, ended).catch((error: unknown) => {
    // The record stays open; after the next start the run counts as interrupted.
    logger.error('the end of a scheduled job could not be written down', { job: job.name, error });
  });
  const fields = { job: job.name, ...ended, durationMs: Math.round(clock.monotonic() - startedAt) };
  if (ended.outcome === 'failed') logger.warn('scheduled job failed', fields);
  else logger.info('scheduled job ended', fields);
  return { id, left: work.then(() => undefined) };
}

const interrupted: RunEnding = { outcome: 'interrupted', counts: {}, note: undefined };
const tooLong: RunEnding = {
  outcome: 'failed',
  counts: {},
  note: `it did not end within ${runLimitMs / 60_000} minutes`,
};

/** Starts the work; never rejects. */
async function startWork(
  { logger }: RunJobDeps,
  job: ScheduledJob,
  { cause, dueAt }: NewRun,
  signal: AbortSignal,
): Promise<RunEnding> {
  try {
    const { counts, note } = await job.run({ cause, dueAt, signal });
    return { outcome: 'done', counts, note };
  } catch (error) {
    return { outcome: 'failed', counts: {}, note: signal.aborted ? undefined : explain(logger, job, error) };
  }
}

/** Aborts a run that takes too long or when the process stops, and waits briefly for it to react. */
async function endInTime(
  clock: Clock,
  work: Promise<RunEnding>,
  late: AbortController,
  stopping: AbortSignal,
): Promise<RunEnding> {
  const done = new AbortController();
  void work.then(() => done.abort());
  const wait = async (ms: number, ...until: readonly AbortSignal[]): Promise<void> =>
    pause(clock, ms, AbortSignal.any([done.signal, ...until]));
  await wait(runLimitMs, stopping);
  const isLate = !done.signal.aborted && !stopping.aborted;
  if (isLate) late.abort(new Error('the run took too long'));
  if (!done.signal.aborted) await wait(listenMs);
  const ending = done.signal.aborted ? await work : undefined;
  if (ending?.outcome === 'done') return ending;
  if (isLate) return tooLong;
  return stopping.aborted || ending === undefined ? interrupted : ending;
}

/** Words an expected error; any other is a bug, logged under a number that is returned in its place. */
function explain(logger: Logger, { name }: ScheduledJob, error: unknown): string {
  if (error instanceof PublishError) return renderFailure(error.failure).title;
  if (error instanceof Outage) return error.message;
  const incident = randomBytes(4).toString('hex');
  logger.error('scheduled job failed unexpectedly', { job: name, incident, error });
  return `something failed here (ref ${incident})`;
}
