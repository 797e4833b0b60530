import type { Actor } from '../../domain/job/actor.ts';
import type { DismissResult, RetryResult } from '../../ports/jobs.ts';
import type { ExceptionResult, PreflightExceptions } from '../../ports/preflight.ts';
import type { Uses } from './core.ts';

/** Queues a failed job's dispatch again. */
export async function retryJob(
  { jobs }: Uses<{ jobs: 'onChange' | 'retries' }>,
  job: number,
  by: Actor,
): Promise<RetryResult> {
  const result = await jobs.retries.retry(job, by);
  if (result.kind === 'queued') jobs.onChange();
  return result;
}

/** Queues a failed job again with the named packages let through. */
export async function publishAnyway(
  { jobs }: Uses<{ jobs: 'exceptions' | 'onChange' }>,
  request: Parameters<PreflightExceptions['publishAnyway']>[0],
): Promise<ExceptionResult> {
  const result = await jobs.exceptions.publishAnyway(request);
  if (result.kind === 'queued') jobs.onChange();
  return result;
}

/** Queues a failed job again with secrets allowed by their fingerprints. */
export async function allowSecrets(
  { jobs }: Uses<{ jobs: 'exceptions' | 'onChange' }>,
  request: Parameters<PreflightExceptions['allowSecrets']>[0],
): Promise<ExceptionResult> {
  const result = await jobs.exceptions.allowSecrets(request);
  if (result.kind === 'queued') jobs.onChange();
  return result;
}

/** Marks a failure as needing no action, so nobody is reminded of it again. Audited. */
export async function dismissFailure(
  { jobs }: Uses<{ jobs: 'retries' }>,
  job: number,
  by: Actor,
): Promise<DismissResult> {
  return jobs.retries.dismiss(job, by);
}
