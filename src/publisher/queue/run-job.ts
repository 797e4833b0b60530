import { randomBytes } from 'node:crypto';
import { type Announcement, announceJob, type CommitAbout } from '../../domain/announcement/announcement.ts';
import { isLeftOut, mayBeOldNews } from '../../domain/announcement/news.ts';
import { DiskTrouble } from '../../domain/failure/disk-trouble.ts';
import { type Failure, failure, Outage, PublishError, retryOf } from '../../domain/failure/failure.ts';
import { byCatchUp, isPerson } from '../../domain/job/actor.ts';
import type { GiveBack } from '../../domain/job/give-back.ts';
import { deriveFailedStatus, deriveJobStatus } from '../../domain/job/package-result.ts';
import type { Job, PackageResult } from '../../domain/job/report.ts';
import type { PublishMode } from '../../domain/repository/repository.ts';
import type { Clock } from '../../ports/clock.ts';
import type { JobEnd, JobQueue } from '../../ports/jobs.ts';
import type { Holds, JobLog } from '../../ports/judgements.ts';
import type { Logger } from '../../ports/logger.ts';
import type { CommitHalf } from '../dispatch/commit-half.ts';
import type { PrepareDeps } from '../dispatch/deps.ts';
import { GaveWay } from '../dispatch/give-way.ts';
import { type DispatchRun, publishDispatch } from '../dispatch/publish-dispatch.ts';
import { type SettleDeps, settleResults } from '../dispatch/settle-results.ts';
import { buildComplaint } from '../pacing/complaint.ts';
import { backoff, pause } from '../pacing/wait.ts';
import { findDiskOutage } from '../run/disk-outage.ts';
import type { ProgressSink } from '../run/progress.ts';
import { type Run, startRun } from '../run/run.ts';
import type { Outages } from './outages/outages.ts';

/** The two halves of the pipeline. */
export interface PipelineHalves {
  readonly prepare: PrepareDeps;
  readonly commit: (run: Run) => CommitHalf;
}

export interface RunJobDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly queue: Pick<JobQueue, 'finish' | 'giveBack'>;
  readonly jobLog: SettleDeps['jobLog'] & Pick<JobLog, 'startStage' | 'endStage' | 'listEarlier'>;
  readonly pipeline: PipelineHalves;
  readonly progress: ProgressSink;
  readonly holds: Pick<Holds, 'list'>;
  readonly outages: Pick<Outages, 'report'>;
  /** Running time that one attempt may take, in milliseconds, from JOB_DEADLINE_SECONDS. */
  readonly deadlineMs: number;
  /** From PUBLISH_MODE; `shadow` covers every repository. */
  readonly mode?: PublishMode;
}

/** Why a run was aborted from outside. */
export class RunStopped extends Error {
  readonly why: 'shutdown' | 'deadline' | 'cancelled';
  /** Who cancelled the job. */
  readonly by: string | undefined;
  constructor(why: 'shutdown' | 'deadline' | 'cancelled', by?: string) {
    super(why);
    this.name = 'RunStopped';
    this.why = why;
    this.by = by;
  }
}

/** Signals that stop a run; each is aborted with a RunStopped. */
export interface RunSignals {
  readonly stop: AbortSignal;
  readonly cancel: AbortSignal;
}

const maxAttempts = 5;
const firstRetryMs = 2_000;
const visibilityPauseMs = 15_000;
const recordPauseMs = 5_000;

type Verdict =
  | { readonly kind: 'end'; readonly end: Omit<JobEnd, 'announcement'>; readonly about: CommitAbout | null }
  | GiveBack;

/**
 * Runs one attempt of a claimed job, from its start to a recorded outcome. Never throws because of anything that a
 * job can do.
 */
export async function runJob(deps: RunJobDeps, claimed: Job, signals: RunSignals): Promise<void> {
  const job: Job = deps.mode === 'shadow' ? { ...claimed, mode: 'shadow' } : claimed;
  const startedAt = deps.clock.monotonic();
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(new RunStopped('deadline')), deps.deadlineMs);
  const signal = AbortSignal.any([signals.stop, signals.cancel, deadline.signal]);
  let verdict: Verdict;
  try {
    verdict = await judgeRun(deps, job, await publish(deps, job, signal), signal);
    // The run succeeded before it could be stopped, but whoever cancelled it wants no further attempt.
    if (verdict.kind !== 'end') signals.cancel.throwIfAborted();
  } catch (error) {
    verdict = await judgeError(deps, job, signal.aborted ? signal.reason : error);
  } finally {
    clearTimeout(timer);
  }
  deps.progress.ended(job.number, verdict.kind === 'parked' ? verdict.neighbour : undefined);
  if (verdict.kind !== 'end') {
    deps.logger.info('job given back', { job: job.number, attempt: job.attempt, ...verdict });
    const how = verdict;
    await recordSurely(deps, job, signals.stop, async () => deps.queue.giveBack(job, how));
    return;
  }
  const { end, about } = verdict;
  await recordSurely(deps, job, signals.stop, async () => {
    const announcement = await buildAnnouncement(deps, job, end, about, startedAt);
    await deps.queue.finish(job, { ...end, announcement });
  });
  deps.logger.info('job finished', { job: job.number, status: end.status, attempt: job.attempt });
}

async function publish(deps: RunJobDeps, job: Job, signal: AbortSignal): Promise<DispatchRun> {
  const { prepare, commit } = deps.pipeline;
  const run = startRun(deps, job, signal);
  return publishDispatch(prepare, commit(run), run);
}

/** Repeats `record` until it succeeds or the process stops: a full disk must not leave a job running for ever. */
async function recordSurely(
  deps: RunJobDeps,
  job: Job,
  stopSignal: AbortSignal,
  record: () => Promise<void>,
): Promise<void> {
  const trouble = 'the outcome of a job could not be recorded yet';
  const complain = buildComplaint(deps.logger, trouble, { job: job.number });
  for (;;) {
    try {
      return await record();
    } catch (error) {
      if (stopSignal.aborted) throw error;
      complain(error);
      await pause(deps.clock, recordPauseMs, stopSignal);
    }
  }
}

async function judgeRun(deps: RunJobDeps, job: Job, run: DispatchRun, signal: AbortSignal): Promise<Verdict> {
  const now = deps.clock.now();
  const retryable = run.results.some(
    (result) => result.failure !== undefined && retryOf(result.failure) === 'automatic',
  );
  if (retryable && job.attempt < maxAttempts) return retryLater(job, now, run.retryAfterMs);
  if (run.isWaiting) return { kind: 'visibility', notBefore: now + visibilityPauseMs };
  const { results, ...said } = await settleResults(
    { jobLog: deps.jobLog, source: deps.pipeline.prepare.judge.source },
    job,
    run,
    signal,
  );
  const states = results.map((result) => result.state);
  const status = deriveJobStatus(states, false, job.mode === 'shadow');
  const end = { status, failure: undefined, judgedBranch: run.judgedBranch, ...said };
  return { kind: 'end', end, about: run.about };
}

/** Retries with exponential backoff and jitter from 2 s, or later if a neighbour asked for a longer pause. */
function retryLater(job: Job, now: number, retryAfterMs: number): Verdict {
  const backoffMs = backoff(firstRetryMs, job.attempt - 1) * (0.8 + Math.random() * 0.4);
  return { kind: 'retry', notBefore: Math.round(now + Math.max(backoffMs, retryAfterMs)) };
}

async function judgeError(deps: RunJobDeps, job: Job, error: unknown): Promise<Verdict> {
  if (error instanceof RunStopped && error.why === 'shutdown') return { kind: 'released' };
  if (error instanceof GaveWay) return { kind: 'gave-way', to: error.to };
  const outage = error instanceof Outage ? error : await findDiskOutage(deps.pipeline.prepare.volume, error);
  if (outage !== undefined) {
    deps.outages.report(outage, job.slug);
    return { kind: 'parked', neighbour: outage.neighbour, outage: outage.kind, detail: outage.detail };
  }
  const why = failureOf(deps, job, error);
  if (retryOf(why) === 'automatic' && job.attempt < maxAttempts) return retryLater(job, deps.clock.now(), 0);
  const results = await deps.jobLog.listPackages(job.number);
  const status = deriveFailedStatus(why, results);
  return { kind: 'end', end: { status, failure: why, judgedBranch: undefined }, about: null };
}

function failureOf(deps: RunJobDeps, job: Job, error: unknown): Failure {
  if (error instanceof PublishError) return error.failure;
  if (error instanceof RunStopped) return wordStop(error, deps.deadlineMs);
  if (error instanceof DiskTrouble && error.fault === 'full') return failure('disk-full', {});
  const incident = randomBytes(4).toString('hex');
  deps.logger.error('a job failed unexpectedly', { job: job.number, incident, error });
  return failure('internal-error', { incident });
}

function wordStop({ why, by }: RunStopped, deadlineMs: number): Failure {
  if (why === 'cancelled') return failure('cancelled', { by: by ?? 'somebody' });
  return failure('timed-out', { seconds: Math.round(deadlineMs / 1000) });
}

/**
 * Lateness in milliseconds of a commit that catch-up found, measured from the commit date because git does not record
 * pushes. Undefined when a clock that was ahead made the date.
 */
function findLateness({ requestedBy, requestedAt }: Job, about: CommitAbout | null): number | undefined {
  if (requestedBy !== byCatchUp || about?.committedAtMs === undefined) return undefined;
  const lateMs = requestedAt - about.committedAtMs;
  return lateMs > 0 ? lateMs : undefined;
}

/** Whether the job holds a version that was not held before. */
async function isNewlyHeld(
  deps: RunJobDeps,
  { repositoryId }: Job,
  results: readonly PackageResult[],
): Promise<boolean> {
  const held = results.filter(({ state }) => state === 'held');
  if (held.length === 0) return false;
  const known = await deps.holds.list({ repositoryId });
  return held.some(
    ({ name, version }) => !known.some((hold) => hold.name === name && hold.version === version),
  );
}

/**
 * Returns undefined when nobody needs to hear of the job: nothing was published, failed, left out or newly held, and
 * no person asked for it.
 */
async function buildAnnouncement(
  deps: RunJobDeps,
  job: Job,
  end: Omit<JobEnd, 'announcement'>,
  about: CommitAbout | null,
  startedAt: number,
): Promise<Announcement | undefined> {
  const results = await deps.jobLog.listPackages(job.number);
  const isQuiet = end.status === 'nothing-to-publish' && !isPerson(job.requestedBy);
  const isHeldNow = isQuiet && (await isNewlyHeld(deps, job, results));
  if (isQuiet && !isHeldNow && !results.some(isLeftOut)) return undefined;
  const paths = results.filter(mayBeOldNews).map(({ path }) => path);
  const announcement = announceJob({
    job: job.number,
    dispatchId: job.dispatchId,
    repository: job.slug,
    commit: job.commit,
    about,
    requestedBy: job.requestedBy,
    foundLateMs: findLateness(job, about),
    commitAuthor: job.commitAuthor,
    status: end.status,
    failure: end.failure,
    results,
    earlier: await deps.jobLog.listEarlier(job, paths),
    durationMs: Math.round(deps.clock.monotonic() - startedAt),
    finishedAt: deps.clock.now(),
  });
  const isNews = announcement.packages.some(({ reason }) => reason === 'superseded');
  return isQuiet && !isHeldNow && !isNews ? undefined : announcement;
}
