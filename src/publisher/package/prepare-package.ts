import { failed, held } from '../../domain/job/package-result.ts';
import type { PackageResult } from '../../domain/job/report.ts';
import type { Tree } from '../../domain/package/tree.ts';
import type { Intent, IntentDraft } from '../../ports/catalog.ts';
import type { VersionToIndex } from '../../ports/preflight.ts';
import type { PreparedChangelog } from '../changelog/prepare-changelogs.ts';
import type { PlannedPackage } from '../judge/judgement.ts';
import type { Run } from '../run/pipeline.ts';
import { type Built, buildTarball } from './build-tarball.ts';
import { type Confirmed, confirmFound } from './confirm.ts';
import type { KeptTarballs, PreparePackageDeps } from './deps.ts';

export type PreparedPackage =
  /** Nothing is to be sent. */
  | { readonly kind: 'settled'; readonly result: PackageResult }
  /** The version was on the registry before this run did anything. */
  | { readonly kind: 'found'; readonly confirmed: Confirmed }
  | PackedPackage;

/** A tarball that may be sent, and the intent to record before that. */
export interface PackedPackage {
  readonly kind: 'packed';
  readonly plan: PlannedPackage;
  readonly draft: IntentDraft;
  /** Set when an earlier run packed and recorded it. */
  readonly recorded: Intent | undefined;
  readonly result: PackageResult;
  /** Undefined when an earlier run packed it. */
  readonly indexed: VersionToIndex | undefined;
}

/**
 * Does everything for one planned package up to the first write: builds, packs, checks, repairs and signs it, or
 * looks for a version that the registry already has. Leaves only the tarball behind. Throws Outage, and PublishError
 * from staging and packing.
 */
export async function preparePackage(
  deps: PreparePackageDeps,
  run: Run,
  tree: Tree,
  planned: PlannedPackage,
  changelog: PreparedChangelog,
): Promise<PreparedPackage> {
  const plan = await withOverride(deps, run, planned);
  const { decision } = plan;
  if (decision.kind === 'published-by-us') {
    return { kind: 'found', confirmed: await confirmFound(deps.readBack, run, plan) };
  }
  const kept = deps.kept === undefined ? undefined : await findReusable(deps.kept, run, plan);
  if (kept !== undefined) {
    const result = describe(plan.result, kept);
    return { kind: 'packed', plan, draft: kept, recorded: kept, result, indexed: undefined };
  }
  return pack(deps, run, tree, plan, decision.distTag, changelog);
}

/** Adds to the result of an unsent package what a live run would have done. */
export function describeUnsent({ draft, result }: PackedPackage): PackageResult {
  return { ...result, note: `Shadow mode: would be published as ${draft.distTag}` };
}

/** Adds an operator's override to the result, so that readers of the version see who let it through. */
async function withOverride(
  deps: Pick<PreparePackageDeps, 'exceptions'>,
  run: Run,
  plan: PlannedPackage,
): Promise<PlannedPackage> {
  const { name, version } = plan.manifest;
  const override = await deps.exceptions.findOverride(name, version, run.job.commit);
  return override === undefined ? plan : { ...plan, result: { ...plan.result, override } };
}

async function pack(
  deps: Pick<PreparePackageDeps, 'build'>,
  run: Run,
  tree: Tree,
  plan: PlannedPackage,
  distTag: string,
  changelog: PreparedChangelog,
): Promise<PreparedPackage> {
  const { name, version } = plan.manifest;
  const files = await run.stage('changelog', name, async () => changelog.write());
  const built = await buildTarball(deps.build, run, tree, plan, files, changelog.ships);
  const added = files.map(({ file }) => file);
  const judged: PackageResult = { ...plan.result, findings: built.findings, additions: added };
  if (built.kind === 'refused') return { kind: 'settled', result: refuse(plan, judged, built) };
  const additions = [...new Set([...added, ...built.differing])];
  const result = { ...judged, additions, warnings: [...judged.warnings, ...built.warnings] };
  const { tarball, indexed } = built;
  const { number: job, commit } = run.job;
  const draft = { name, version, job, commit, path: plan.candidate.path, distTag, tarball };
  return { kind: 'packed', plan, draft, recorded: undefined, result: describe(result, draft), indexed };
}

/** A package that only waits for its dependencies is held, not failed. */
function refuse(
  { commit }: PlannedPackage,
  result: PackageResult,
  { failure: why, awaited = [] }: Extract<Built, { kind: 'refused' }>,
): PackageResult {
  return awaited.length === 0
    ? failed(result, why)
    : held(result, { branch: commit.branch, awaits: awaited });
}

/** Returns a recorded tarball that is still intact: a resumed job sends the recorded bytes, not new ones. */
async function findReusable(
  { ledger, workspace }: KeptTarballs,
  run: Run,
  plan: PlannedPackage,
): Promise<Intent | undefined> {
  const { name, version } = plan.manifest;
  const intents = await ledger.listIntents(name, version);
  for (const intent of intents) {
    if (intent.commit !== run.job.commit || intent.path !== plan.candidate.path) continue;
    if (await workspace.isIntact(intent.tarball)) return intent;
  }
  return undefined;
}

function describe(result: PackageResult, { tarball, distTag }: IntentDraft): PackageResult {
  return { ...result, distTag, integrity: tarball.integrity, tarballBytes: tarball.bytes };
}
