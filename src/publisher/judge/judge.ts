import { failure } from '../../domain/failure/failure.ts';
import { NameRefusal } from '../../domain/failure/name-trouble.ts';
import { blankResult, failed } from '../../domain/job/package-result.ts';
import type { Job, PackageResult } from '../../domain/job/report.ts';
import type { ParsedManifest } from '../../domain/package/manifest.ts';
import type { Packument } from '../../domain/package/packument.ts';
import { highestFirst, highestOf, isHigher, isPrerelease } from '../../domain/package/version.ts';
import type { Candidate } from '../commit/candidates.ts';
import type { Run } from '../run/pipeline.ts';
import { seeInTrial } from '../trial/registry-in-trial.ts';
import type { JudgeDeps } from './deps.ts';
import type { JudgedPackage, Judgement, NameJudgement } from './judgement.ts';
import { decideOwnership, type Ownership } from './ownership.ts';
import type { Decision, OwnCopy } from './plan.ts';
import { withServedHash } from './read-back.ts';
import { decideInOrder } from './superseded.ts';

export interface JudgeContext {
  readonly onDefaultBranch: boolean;
  /** Names that occur more than once in the commit, with their paths. */
  readonly duplicates: ReadonlyMap<string, string>;
  readonly registeredSlugs: Parameters<typeof decideOwnership>[0]['registered'];
}

/**
 * Decides on owner and version by what the registry shows. Throws Outage when the registry is down, because unknown
 * is not absent.
 */
export async function judgeAgainstRegistry(
  deps: JudgeDeps,
  run: Run,
  context: JudgeContext,
  candidate: Candidate,
  parsed: Extract<ParsedManifest, { kind: 'unity' }>,
): Promise<NameJudgement> {
  const { name, version } = parsed.manifest;
  const base: PackageResult = { ...blankResult(name, candidate.path, 'not-attempted'), version };
  const paths = context.duplicates.get(name);
  if (paths !== undefined) {
    return { judgement: settle(failed(base, failure('duplicate-name', { name, paths }))) };
  }
  const found = await findPackument(deps, run, name);
  if (found instanceof NameRefusal) return { judgement: await judgeRefused(deps, run, base, found) };
  const { packument, shown } = found;
  const ownership = await findOwnership(deps, run, context, name, packument);
  switch (ownership.kind) {
    case 'theirs':
      return { shown, judgement: excludeTheirs(base, ownership.slug) };
    case 'contested': {
      const { holders } = ownership;
      return { shown, judgement: settle(failed(base, failure('name-contested', { name, holders }))) };
    }
    case 'ours':
      return {
        shown,
        judgement: await judgeVersion(deps, run, context, packument, { candidate, parsed, base }),
      };
    case 'claim': {
      const judgement = await judgeVersion(deps, run, context, packument, { candidate, parsed, base });
      const ifLost = (slug: string): Judgement => excludeTheirs(base, slug);
      return { shown, judgement, claim: { how: ownership.how, ifLost } };
    }
  }
}

function settle(result: PackageResult): Judgement {
  return { kind: 'settled', result };
}

interface OwnedPackage {
  readonly candidate: Candidate;
  readonly parsed: Extract<ParsedManifest, { kind: 'unity' }>;
  readonly base: PackageResult;
}

async function judgeVersion(
  deps: JudgeDeps,
  run: Run,
  context: JudgeContext,
  packument: Packument | undefined,
  { candidate, parsed: { manifest }, base }: OwnedPackage,
): Promise<Judgement> {
  const { name, version } = manifest;
  const ownCopies = await listOwnCopies(deps, name, version);
  const decision = await decideInOrder(deps, run, candidate.path, {
    version,
    commit: run.job.commit,
    job: run.job.number,
    packument: await withServedHash(deps.registry, packument, version, ownCopies, run.signal),
    ownCopies,
    onDefaultBranch: context.onDefaultBranch,
    allowLower: run.job.allowLower,
  });
  const publishedBelow = listLower(packument, version);
  const result = { ...base, previousVersion: findPrevious(publishedBelow) };
  const publishedAbove = listHigher(packument, version);
  const judged = { candidate, manifest, publishedBelow, publishedAbove, result };
  return applyDecision(settleReleased(run.job, decision), judged);
}

/**
 * Returns an undefined packument when the registry has none. A refusal of this name alone is returned, not thrown, so
 * that the other packages go on.
 */
async function findPackument(
  { registry, trial }: Pick<JudgeDeps, 'registry' | 'trial'>,
  run: Run,
  name: string,
): Promise<{ readonly packument: Packument | undefined; readonly shown: readonly string[] } | NameRefusal> {
  try {
    const packument = await registry.findPackument(name, run.signal);
    const shown = [...(packument?.versions.keys() ?? [])];
    if (run.job.mode !== 'shadow' || trial === undefined) return { packument, shown };
    return { packument: await seeInTrial(trial, run.job, name, packument), shown };
  } catch (error) {
    if (error instanceof NameRefusal) return error;
    throw error;
  }
}

/** Judges a name that cannot be looked up: nothing is decided except that somebody else owns it. */
async function judgeRefused(
  deps: Pick<JudgeDeps, 'ledger'>,
  run: Run,
  base: PackageResult,
  refusal: NameRefusal,
): Promise<Judgement> {
  const owner = await deps.ledger.findOwner(base.name);
  if (owner !== undefined && owner.repositoryId !== run.job.repositoryId) {
    return excludeTheirs(base, owner.slug);
  }
  const { failure: why, retryAfterMs } = refusal;
  return { kind: 'settled', result: failed(base, why), retryAfterMs };
}

function excludeTheirs(base: PackageResult, slug: string): Judgement {
  return settle({ ...base, state: 'excluded', note: `${slug} owns this name` });
}

/**
 * Skips a rejected version that waited for its dependencies while a higher version was published: nothing is left to
 * do.
 */
function settleReleased({ onlyPaths }: Job, decision: Decision): Decision {
  if (onlyPaths === undefined || decision.kind !== 'reject') return decision;
  const { reason, facts } = decision.failure;
  if (reason !== 'version-not-increased') return decision;
  return { kind: 'skip', note: `${facts.highest} was published while ${facts.version} waited` };
}

function applyDecision(decision: Decision, plan: Omit<JudgedPackage, 'decision'>): Judgement {
  const { result } = plan;
  switch (decision.kind) {
    case 'skip':
      return { kind: 'settled', result: { ...result, state: 'skipped', note: decision.note } };
    case 'withdrawn':
      return { kind: 'settled', result: { ...result, state: 'withdrawn', failure: decision.failure } };
    case 'reject':
      return { kind: 'settled', result: failed(result, decision.failure) };
    default:
      return { kind: 'planned', plan: { ...plan, decision } };
  }
}

async function findOwnership(
  deps: Pick<JudgeDeps, 'ledger' | 'gitServerUrl'>,
  run: Run,
  context: JudgeContext,
  name: string,
  packument: Packument | undefined,
): Promise<Ownership> {
  const repository = { repositoryId: run.job.repositoryId, slug: run.job.slug };
  const owner = await deps.ledger.findOwner(name);
  const holders = owner === undefined ? await deps.ledger.listHolders(name) : [];
  return decideOwnership({
    repository,
    owner,
    packument,
    otherHolders: holders.filter((holder) => holder.repositoryId !== repository.repositoryId),
    registered: context.registeredSlugs,
    gitServerUrl: deps.gitServerUrl,
  });
}

async function listOwnCopies(
  deps: Pick<JudgeDeps, 'ledger'>,
  name: string,
  version: string,
): Promise<readonly OwnCopy[]> {
  const intents = await deps.ledger.listIntents(name, version);
  return intents.map((intent) => ({
    integrity: intent.tarball.integrity,
    shasum: intent.tarball.shasum,
    commit: intent.commit,
    job: intent.job,
    stored: intent.state === 'stored',
  }));
}

function listLower(packument: Packument | undefined, version: string): readonly string[] {
  const versions = [...(packument?.versions.keys() ?? [])];
  return highestFirst(versions.filter((known) => isHigher(version, known)));
}

function listHigher(packument: Packument | undefined, version: string): readonly string[] {
  const versions = [...(packument?.versions.keys() ?? [])];
  return highestFirst(versions.filter((known) => isHigher(known, version)));
}

/** Returns the version that users have now: the highest stable version below, else the highest version below. */
function findPrevious(lower: readonly string[]): string | undefined {
  return highestOf(lower.filter((known) => !isPrerelease(known))) ?? lower[0];
}
