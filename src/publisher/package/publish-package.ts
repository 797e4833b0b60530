import { failure } from '../../domain/failure/failure.ts';
import { failed, held } from '../../domain/job/package-result.ts';
import type { PackageResult } from '../../domain/job/report.ts';
import type { Tree } from '../../domain/package/tree.ts';
import type { Intent } from '../../ports/catalog.ts';
import type { VersionToIndex } from '../../ports/preflight.ts';
import type { PreparedChangelog } from '../changelog/prepare-changelogs.ts';
import type { PlannedPackage } from '../judge/judge.ts';
import type { PipelineDeps, Run } from '../run/pipeline.ts';
import { recordForTrial } from '../trial/record-for-trial.ts';
import { type Built, buildTarball } from './build-tarball.ts';
import { confirmFound, confirmStored } from './confirm.ts';
import { sendUnlessRefused } from './refused-uploads.ts';
import { sendOnce } from './send.ts';

/** A result, or: the registry has not shown the version yet and may still do so. */
export type PackageRun =
  | { readonly kind: 'result'; readonly result: PackageResult; readonly retryAfterMs?: number }
  | { readonly kind: 'waiting'; readonly result: PackageResult };

/**
 * Takes one planned package to the registry: same bytes packed, recorded, sent and read back. Every step may be the
 * last of this process; the next run finds the intent and goes on from what the registry shows.
 * Throws Outage; PublishError from staging and packing.
 */
export async function publishPackage(
  deps: PipelineDeps,
  run: Run,
  tree: Tree,
  planned: PlannedPackage,
  changelog: PreparedChangelog,
): Promise<PackageRun> {
  const plan = await withOverride(deps, run, planned);
  if (plan.decision.kind === 'published-by-us') return confirmFound(deps, run, plan);
  const prepared = await prepareIntent(deps, run, tree, plan, plan.decision.distTag, changelog);
  if (prepared.kind === 'done') return { kind: 'result', result: prepared.result };
  const { intent, result, indexed } = prepared;
  if (run.job.mode === 'shadow') {
    await recordForTrial(deps, run, intent);
    return {
      kind: 'result',
      result: { ...result, note: `Shadow mode: would be published as ${intent.distTag}` },
    };
  }
  if (isStillLanding(deps, intent)) return confirmStored(deps, run, plan, intent, result, undefined);
  if (intent.state === 'accepted') return giveUpOn(deps, intent, result);
  const outcome = await sendUnlessRefused(deps, run, intent, result, async () => {
    const sent = await run.stage('publish', plan.manifest.name, async () =>
      sendOnce(deps, run, plan, intent),
    );
    const { answer } = sent;
    return { answer, outcome: await confirmStored(deps, run, plan, sent.intent, result, answer) };
  });
  if (outcome.result.state === 'published') await keepIndexed(deps, run, indexed);
  return outcome;
}

/** What is not kept now is read from the registry when somebody needs it, or by the scheduled job. */
async function keepIndexed(deps: PipelineDeps, run: Run, indexed: VersionToIndex | undefined): Promise<void> {
  if (indexed === undefined) return;
  await deps.preflight.index.save(indexed).catch((error: unknown) => {
    deps.logger.warn('a version could not be indexed', { job: run.job.number, package: indexed.name, error });
  });
}

/** Whoever reads of the version later also reads who let it through. */
async function withOverride(deps: PipelineDeps, run: Run, plan: PlannedPackage): Promise<PlannedPackage> {
  const { name, version } = plan.manifest;
  const override = await deps.exceptions.findOverride(name, version, run.job.commit);
  return override === undefined ? plan : { ...plan, result: { ...plan.result, override } };
}

function isStillLanding(deps: PipelineDeps, intent: Intent): boolean {
  const { mayLandUntil, state } = intent;
  // What was refused does not land, whatever a clock says that was ahead at that time.
  return state !== 'refused' && mayLandUntil !== null && mayLandUntil > deps.clock.now();
}

/** The registry claimed to have stored it and never showed it: a person looks before anything is sent again. */
async function giveUpOn(deps: PipelineDeps, intent: Intent, result: PackageResult): Promise<PackageRun> {
  await deps.ledger.markIntent(intent.id, 'refused', intent.mayLandUntil);
  const detail = 'not visible within 10 minutes';
  return { kind: 'result', result: failed(result, failure('registry-did-not-store', { detail })) };
}

type Prepared =
  | {
      readonly kind: 'ready';
      readonly intent: Intent;
      readonly result: PackageResult;
      /** Undefined when an earlier run packed it. */
      readonly indexed: VersionToIndex | undefined;
    }
  | { readonly kind: 'done'; readonly result: PackageResult };

async function prepareIntent(
  deps: PipelineDeps,
  run: Run,
  tree: Tree,
  plan: PlannedPackage,
  distTag: string,
  changelog: PreparedChangelog,
): Promise<Prepared> {
  const { name, version } = plan.manifest;
  const kept = await findReusable(deps, run, plan);
  if (kept !== undefined) {
    return { kind: 'ready', intent: kept, result: describe(plan.result, kept), indexed: undefined };
  }
  const files = await run.stage('changelog', name, async () => changelog.write());
  const built = await buildTarball(deps, run, tree, plan, files, changelog.ships);
  const added = files.map(({ file }) => file);
  const judged: PackageResult = { ...plan.result, findings: built.findings, additions: added };
  if (built.kind === 'refused') return { kind: 'done', result: refuse(plan, judged, built) };
  const additions = [...new Set([...added, ...built.differing])];
  const result = { ...judged, additions, warnings: [...judged.warnings, ...built.warnings] };
  const { tarball, indexed } = built;
  const draft = {
    name,
    version,
    job: run.job.number,
    commit: run.job.commit,
    path: plan.candidate.path,
    distTag,
    tarball,
  };
  if (run.job.mode === 'shadow') {
    const intent: Intent = { ...draft, id: 0, state: 'recorded', mayLandUntil: null };
    return { kind: 'ready', intent, result: describe(result, intent), indexed };
  }
  const intent = await run.stage('record-intent', name, async () => deps.ledger.recordIntent(draft));
  return { kind: 'ready', intent, result: describe(result, intent), indexed };
}

/** What only waits for its dependencies is no failure: it follows them. */
function refuse(
  { commit }: PlannedPackage,
  result: PackageResult,
  { failure: why, awaited = [] }: Extract<Built, { kind: 'refused' }>,
): PackageResult {
  return awaited.length === 0
    ? failed(result, why)
    : held(result, { branch: commit.branch, awaits: awaited });
}

/** A resume sends the bytes that were recorded, not new ones. */
async function findReusable(deps: PipelineDeps, run: Run, plan: PlannedPackage): Promise<Intent | undefined> {
  const { name, version } = plan.manifest;
  const intents = await deps.ledger.listIntents(name, version);
  for (const intent of intents) {
    if (intent.commit !== run.job.commit || intent.path !== plan.candidate.path) continue;
    if (await deps.workspace.isIntact(intent.tarball)) return intent;
  }
  return undefined;
}

function describe(result: PackageResult, intent: Intent): PackageResult {
  const { tarball, distTag } = intent;
  return { ...result, distTag, integrity: tarball.integrity, tarballBytes: tarball.bytes };
}
