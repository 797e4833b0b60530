import { type Failure, failure, Outage } from '../../domain/failure/failure.ts';
import { NameRefusal } from '../../domain/failure/name-trouble.ts';
import { failed } from '../../domain/job/package-result.ts';
import type { PackageResult } from '../../domain/job/report.ts';
import type { Packument } from '../../domain/package/packument.ts';
import { highestOf, isPrerelease } from '../../domain/package/version.ts';
import type { Intent } from '../../ports/catalog.ts';
import type { PutAnswer } from '../../ports/registry.ts';
import type { PlannedPackage } from '../judge/judge.ts';
import { type Found, findWhoseItIs } from '../judge/read-back.ts';
import type { PipelineDeps, Run } from '../run/pipeline.ts';
import type { PackageRun } from './publish-package.ts';

const firstPauseMs = 50;
const longestPauseMs = 2_000;

/**
 * Reads back until the registry shows this version and serves bytes of ours, its last PUT cannot land any more, or this
 * run has waited long enough. The answer of the PUT only words what happened when it is not there.
 */
export async function confirmStored(
  deps: PipelineDeps,
  run: Run,
  plan: PlannedPackage,
  intent: Intent,
  result: PackageResult,
  answer: PutAnswer | undefined,
): Promise<PackageRun> {
  return run.stage('read-back', plan.manifest.name, async () => {
    const seen = await readBack(deps, run, intent);
    if (seen.kind === 'ours') {
      const published = await settleOurs(deps, seen.intent, result);
      const settled = await settleTags(deps, run, seen.intent, published, seen.packument);
      return { kind: 'result', result: settled };
    }
    return seen.kind === 'absent'
      ? settleMissing(intent, result, answer, seen.refusal)
      : settleSeen(seen, intent, result);
  });
}

/** As `confirmStored`, for a version that was on the registry before this run did anything: an earlier PUT landed. */
export async function confirmFound(deps: PipelineDeps, run: Run, plan: PlannedPackage): Promise<PackageRun> {
  const { name, version } = plan.manifest;
  const [newest] = await deps.ledger.listIntents(name, version);
  if (newest === undefined) throw new Error('a version of ours has no intent');
  return run.stage('read-back', name, async () => {
    // Its window may be over; one look would be too few for a tarball that cannot be read for a moment.
    const patience = deps.clock.now() + deps.limits.confirmInRunMs;
    const intent = { ...newest, mayLandUntil: Math.max(newest.mayLandUntil ?? 0, patience) };
    const seen = await readBack(deps, run, intent);
    // Its tags are left alone: a higher version may have been published since.
    if (seen.kind === 'ours') {
      return { kind: 'result', result: await settleOurs(deps, seen.intent, plan.result) };
    }
    return seen.kind === 'absent'
      ? settleMissing(intent, plan.result, undefined, seen.refusal)
      : settleSeen(seen, intent, plan.result);
  });
}

type Seen =
  | (Extract<Found, { kind: 'ours' }> & { readonly packument: Packument })
  | Exclude<Found, { kind: 'ours' }>
  /** Nothing of it can land any more. */
  | { readonly kind: 'absent'; readonly refusal?: NameRefusal }
  /** It may still be seen. */
  | { readonly kind: 'open' };

async function readBack(deps: PipelineDeps, run: Run, intent: Intent): Promise<Seen> {
  const startedAt = deps.clock.monotonic();
  const giveUpAt = startedAt + deps.limits.confirmInRunMs;
  const landsUntil = startedAt + (intent.mayLandUntil ?? 0) - deps.clock.now();
  let isDoubted = false;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    const seen = await look(deps, run, intent);
    // Believed when it is seen twice, since it is final: whatever stands before the registry may garble an answer.
    if (seen.kind === 'ours' || (seen.kind === 'differs' && isDoubted)) return seen;
    isDoubted = seen.kind === 'differs';
    const now = deps.clock.monotonic();
    if (!isDoubted && now >= landsUntil) return seen;
    if (!isDoubted && now >= giveUpAt) return { kind: 'open' };
    await deps.clock.sleep(pauseMs, run.signal);
  }
}

async function look(deps: PipelineDeps, run: Run, intent: Intent): Promise<Exclude<Seen, { kind: 'open' }>> {
  const packument = await findNow(deps, run, intent.name);
  if (packument instanceof NameRefusal) return { kind: 'absent', refusal: packument };
  const shown = packument?.versions.get(intent.version);
  if (packument === undefined || shown === undefined) return { kind: 'absent' };
  const found = await findWhoseItIs(deps, intent.name, shown, run.signal);
  return found.kind === 'ours' ? { ...found, packument } : found;
}

/** A refusal that may pass is as good as not visible yet; any other is thrown: nobody can say whether it is stored. */
async function findNow(
  deps: PipelineDeps,
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

async function settleOurs(deps: PipelineDeps, intent: Intent, result: PackageResult): Promise<PackageResult> {
  await deps.ledger.markIntent(intent.id, 'stored', intent.mayLandUntil);
  await deps.workspace.removeTarball(intent.tarball);
  const { distTag } = intent;
  const { integrity, bytes: tarballBytes } = intent.tarball;
  return { ...result, state: 'published', distTag, integrity, tarballBytes };
}

/** From here on nothing can make it a failure: trouble with tags is a warning. */
async function settleTags(
  deps: PipelineDeps,
  run: Run,
  intent: Intent,
  result: PackageResult,
  packument: Packument,
): Promise<PackageResult> {
  const wanted = new Map<string, string>();
  if (packument.distTags[intent.distTag] !== intent.version) wanted.set(intent.distTag, intent.version);
  const highestStable = highestOf([...packument.versions.keys()].filter((version) => !isPrerelease(version)));
  const latest = packument.distTags['latest'];
  // Some registries give `latest` to whatever arrives.
  if (latest === intent.version && highestStable !== undefined && latest !== highestStable) {
    wanted.set('latest', highestStable);
  }
  const warnings: string[] = [];
  for (const [tag, version] of wanted) {
    try {
      await deps.registry.setDistTag(intent.name, tag, version, run.signal);
    } catch (error) {
      const why = error instanceof Outage ? error.detail : 'it failed';
      warnings.push(
        `dist-tag ${tag} could not be set to ${version} (${why}); run: npm dist-tag add ${intent.name}@${version} ${tag}`,
      );
    }
  }
  return { ...result, warnings: [...result.warnings, ...warnings] };
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
