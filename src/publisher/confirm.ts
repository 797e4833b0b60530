import { type Failure, failure, Outage } from '../domain/failure.ts';
import { NameRefusal } from '../domain/name-trouble.ts';
import { failed } from '../domain/package-result.ts';
import type { Packument } from '../domain/packument.ts';
import type { PackageResult } from '../domain/report.ts';
import { highestOf, isPrerelease } from '../domain/version.ts';
import type { Intent } from '../ports/publish-ledger.ts';
import type { PutAnswer } from '../ports/registry.ts';
import type { PlannedPackage } from './judge.ts';
import type { PipelineDeps, Run } from './pipeline.ts';
import type { PackageRun } from './publish-package.ts';

const firstPauseMs = 50;
const longestPauseMs = 2_000;

/**
 * Reads back until the registry shows this version with bytes of ours, its last PUT cannot land any more, or this
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
    const startedAt = deps.clock.monotonic();
    const giveUpAt = startedAt + deps.limits.confirmInRunMs;
    const landsUntil = startedAt + (intent.mayLandUntil ?? 0) - deps.clock.now();
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      const { packument, refusal } = await lookAgain(deps, run, plan.manifest.name);
      if (packument?.versions.has(intent.version)) return settleFound(deps, run, intent, result, packument);
      const now = deps.clock.monotonic();
      if (now >= landsUntil) return settleMissing(intent, result, answer, refusal);
      if (now >= giveUpAt) return { kind: 'waiting', result };
      await deps.clock.sleep(pauseMs, run.signal);
    }
  });
}

interface Look {
  readonly packument?: Packument | undefined;
  readonly refusal?: NameRefusal;
}

/** A refusal that may pass is as good as not visible yet; any other is thrown: nobody can say whether it is stored. */
async function lookAgain(deps: PipelineDeps, run: Run, name: string): Promise<Look> {
  try {
    return { packument: await deps.registry.findPackument(name, run.signal) };
  } catch (error) {
    if (error instanceof NameRefusal && error.mayPass) return { refusal: error };
    throw error;
  }
}

async function settleFound(
  deps: PipelineDeps,
  run: Run,
  intent: Intent,
  result: PackageResult,
  packument: Packument,
): Promise<PackageRun> {
  const found = packument.versions.get(intent.version)?.integrity;
  const intents = await deps.ledger.listIntents(intent.name, intent.version);
  const ours = intents.find((known) => known.tarball.integrity === found);
  if (ours === undefined) {
    const facts = {
      version: intent.version,
      expected: intent.tarball.integrity,
      found: found ?? 'no integrity',
    };
    return { kind: 'result', result: failed(result, failure('published-copy-differs', facts)) };
  }
  await deps.ledger.markIntent(ours.id, 'stored', ours.mayLandUntil);
  await deps.workspace.removeTarball(ours.tarball);
  const { integrity, bytes } = ours.tarball;
  const published: PackageResult = { ...result, state: 'published', integrity, tarballBytes: bytes };
  return { kind: 'result', result: await settleTags(deps, run, ours, published, packument) };
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
