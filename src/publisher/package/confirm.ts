import { type Failure, failure } from '../../domain/failure/failure.ts';
import { NameRefusal } from '../../domain/failure/name-trouble.ts';
import { failed } from '../../domain/job/package-result.ts';
import type { PackageResult } from '../../domain/job/report.ts';
import type { Packument } from '../../domain/package/packument.ts';
import type { Intent } from '../../ports/catalog.ts';
import type { PutAnswer } from '../../ports/registry.ts';
import type { PlannedPackage } from '../judge/judgement.ts';
import { type Found, findWhoseItIs } from '../judge/read-back.ts';
import type { Run } from '../run/pipeline.ts';
import type { ReadBackDeps } from './deps.ts';
import type { PackageRun } from './package-run.ts';

const firstPauseMs = 50;
const longestPauseMs = 2_000;

/** A version of ours that the registry shows and serves. */
export interface StoredVersion {
  readonly intent: Intent;
  readonly packument: Packument;
}

export interface Confirmed {
  readonly outcome: PackageRun;
  /** Set when the registry has the version; the caller records it. */
  readonly stored?: StoredVersion;
}

/**
 * Reads back until the registry shows this version and serves our bytes, its last PUT can no longer land, or this run
 * has waited long enough. The answer of the PUT only words what happened when the version is missing.
 */
export async function confirmSent(
  deps: ReadBackDeps,
  run: Run,
  intent: Intent,
  result: PackageResult,
  answer: PutAnswer | undefined,
): Promise<Confirmed> {
  const seen = await readBack(deps, run, intent);
  if (seen.kind === 'ours') return settleOurs(seen, result);
  const outcome =
    seen.kind === 'absent'
      ? settleMissing(intent, result, answer, seen.refusal)
      : settleSeen(seen, intent, result);
  return { outcome };
}

/**
 * Does the same as `confirmSent` for a version that was on the registry before this run did anything: an earlier PUT
 * landed.
 */
export async function confirmFound(deps: ReadBackDeps, run: Run, plan: PlannedPackage): Promise<Confirmed> {
  const { name, version } = plan.manifest;
  const [newest] = await deps.ledger.listIntents(name, version);
  if (newest === undefined) throw new Error('a version of ours has no intent');
  return run.stage('read-back', name, async () => {
    // The landing window may be over, but a single look would be too few when the tarball is unreadable for a moment.
    const patience = deps.clock.now() + deps.limits.confirmInRunMs;
    const intent = { ...newest, mayLandUntil: Math.max(newest.mayLandUntil ?? 0, patience) };
    return confirmSent(deps, run, intent, plan.result, undefined);
  });
}

type Seen =
  | (Extract<Found, { kind: 'ours' }> & { readonly packument: Packument })
  | Exclude<Found, { kind: 'ours' }>
  /** No upload of the version can land any more. */
  | { readonly kind: 'absent'; readonly refusal?: NameRefusal }
  /** The version may still appear. */
  | { readonly kind: 'open' };

async function readBack(deps: ReadBackDeps, run: Run, intent: Intent): Promise<Seen> {
  const startedAt = deps.clock.monotonic();
  const giveUpAt = startedAt + deps.limits.confirmInRunMs;
  const landsUntil = startedAt + (intent.mayLandUntil ?? 0) - deps.clock.now();
  let isDoubted = false;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    const seen = await look(deps, run, intent);
    // A difference is final, so it is believed only when seen twice: a proxy before the registry may garble an
    // answer.
    if (seen.kind === 'ours' || (seen.kind === 'differs' && isDoubted)) return seen;
    isDoubted = seen.kind === 'differs';
    const now = deps.clock.monotonic();
    if (!isDoubted && now >= landsUntil) return seen;
    if (!isDoubted && now >= giveUpAt) return { kind: 'open' };
    await deps.clock.sleep(pauseMs, run.signal);
  }
}

async function look(deps: ReadBackDeps, run: Run, intent: Intent): Promise<Exclude<Seen, { kind: 'open' }>> {
  const packument = await findNow(deps, run, intent.name);
  if (packument instanceof NameRefusal) return { kind: 'absent', refusal: packument };
  const shown = packument?.versions.get(intent.version);
  if (packument === undefined || shown === undefined) return { kind: 'absent' };
  const found = await findWhoseItIs(deps, intent.name, shown, run.signal);
  return found.kind === 'ours' ? { ...found, packument } : found;
}

/**
 * Returns a refusal that may pass, which counts as not visible yet. Throws any other refusal, because nobody can say
 * whether the version is stored.
 */
async function findNow(
  deps: ReadBackDeps,
  run: Run,
  name: string,
): Promise<Packument | NameRefusal | undefined> {
  try {
    return await deps.registry.findPackument(name, run.signal);
  } catch (error) {
    if (error instanceof NameRefusal && error.mayPass) return error;
    throw error;
  }
}

function settleSeen(
  seen: Extract<Seen, { kind: 'differs' | 'unreadable' | 'open' }>,
  intent: Intent,
  result: PackageResult,
): PackageRun {
  if (seen.kind === 'open') return { kind: 'waiting', result };
  const { version } = intent;
  const why =
    seen.kind === 'differs'
      ? seen.failure
      : failure('published-copy-unreadable', { version, detail: seen.why });
  return { kind: 'result', result: failed(result, why) };
}

function settleOurs(
  { intent, packument }: Extract<Seen, { kind: 'ours' }>,
  result: PackageResult,
): Confirmed {
  const { distTag, tarball } = intent;
  const { integrity, bytes: tarballBytes } = tarball;
  const published: PackageResult = { ...result, state: 'published', distTag, integrity, tarballBytes };
  return { outcome: { kind: 'result', result: published }, stored: { intent, packument } };
}

function settleMissing(
  intent: Intent,
  result: PackageResult,
  answer: PutAnswer | undefined,
  refusal: NameRefusal | undefined,
): PackageRun {
  if (refusal !== undefined) throw refusal;
  const retryAfterMs =
    answer?.kind === 'busy' || answer?.kind === 'unclear' ? answer.retryAfterMs : undefined;
  const why = failed(result, wordMissing(intent, answer));
  return { kind: 'result', result: why, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

function wordMissing(intent: Intent, answer: PutAnswer | undefined): Failure {
  switch (answer?.kind) {
    case 'refused':
      return answer.failure;
    case 'accepted':
      return failure('registry-did-not-store', { detail: 'not visible within 10 minutes' });
    case 'credentials': {
      const detail = `${answer.detail}, although it knows the token`;
      return failure('registry-forbidden', { name: intent.name, detail });
    }
    case 'conflict':
      return failure('registry-conflict', { version: intent.version });
    case 'busy':
    case 'unclear':
    case 'timed-out':
      return failure('registry-busy', { detail: answer.detail });
    default:
      return failure('registry-busy', { detail: 'an earlier upload did not arrive' });
  }
}
