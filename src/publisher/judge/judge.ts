import { type Failure, failure } from '../../domain/failure/failure.ts';
import { NameRefusal } from '../../domain/failure/name-trouble.ts';
import { blankResult, failed, shorten } from '../../domain/job/package-result.ts';
import type { Job, PackageResult } from '../../domain/job/report.ts';
import { type ParsedManifest, parseManifest, type UnityManifest } from '../../domain/package/manifest.ts';
import { findNameProblem, whyNameExcluded } from '../../domain/package/package-name.ts';
import type { Packument } from '../../domain/package/packument.ts';
import { highestFirst, highestOf, isHigher, isPrerelease } from '../../domain/package/version.ts';
import { findVersionProblem } from '../../domain/package/version-problem.ts';
import { type Candidate, labelOf, type Selected } from '../commit/candidates.ts';
import type { PipelineDeps, Run } from '../run/pipeline.ts';
import { seeInTrial } from '../trial/registry-in-trial.ts';
import type { CommitContext } from './commit-context.ts';
import { decideOwnership } from './ownership.ts';
import type { Decision, OwnCopy } from './plan.ts';
import { withServedHash } from './read-back.ts';
import { decideInOrder } from './superseded.ts';

/** A package that passed every gate and is to be published (or was found published by us). */
export interface JudgedPackage {
  readonly candidate: Candidate;
  readonly manifest: UnityManifest;
  readonly decision: Extract<Decision, { kind: 'publish' | 'published-by-us' }>;
  /** Published versions below this one, highest first. */
  readonly publishedBelow: readonly string[];
  /** Higher ones, highest first. */
  readonly publishedAbove: readonly string[];
  /** What is known so far. */
  readonly result: PackageResult;
}

/** With what the rest of its commit means for it. */
export interface PlannedPackage extends JudgedPackage {
  readonly commit: CommitContext;
}

export type Judgement =
  | { readonly kind: 'planned'; readonly plan: JudgedPackage }
  /** `retryAfterMs`: the registry asked for a pause before this name is looked up again. */
  | { readonly kind: 'settled'; readonly result: PackageResult; readonly retryAfterMs?: number };

export interface JudgeContext {
  readonly onDefaultBranch: boolean;
  /** Names that occur more than once in the commit, with their paths. */
  readonly duplicates: ReadonlyMap<string, string>;
  readonly registeredSlugs: Parameters<typeof decideOwnership>[0]['registered'];
}

/**
 * Gates that need nothing but the bytes; undefined when the package may be looked up. Without scopes every name passes
 * that gate.
 */
export function judgeManifest(
  { candidate, parsed, knownName }: Selected,
  scopes: readonly string[] | undefined,
): PackageResult | undefined {
  const label = knownName ?? labelOf(candidate);
  if (parsed.kind === 'broken') {
    return failed(blankResult(parsed.name ?? label, candidate.path, 'failed'), parsed.failure);
  }
  const name = parsed.kind === 'unity' ? parsed.manifest.name : (parsed.name ?? label);
  const version = parsed.kind === 'unity' ? shorten(parsed.manifest.version) : undefined;
  const note = whyExcluded(parsed, scopes);
  if (note !== undefined || parsed.kind !== 'unity') {
    return { ...blankResult(name, candidate.path, 'excluded'), version, note };
  }
  const problem = findIdentityProblem(parsed.manifest);
  if (problem === undefined) return undefined;
  return failed({ ...blankResult(name, candidate.path, 'failed'), version }, problem);
}

function whyExcluded(
  parsed: Exclude<ParsedManifest, { kind: 'broken' }>,
  scopes: readonly string[] | undefined,
): string | undefined {
  if (parsed.kind === 'other') return `Not a Unity package: it ${parsed.why}`;
  if (parsed.isPrivate) return 'It is marked "private"';
  return scopes === undefined ? undefined : whyNameExcluded(parsed.manifest.name, scopes);
}

function findIdentityProblem({ name, version }: UnityManifest): Failure | undefined {
  const nameProblem = findNameProblem(name);
  if (nameProblem !== undefined) {
    return failure('name-invalid', { name: shorten(name), problem: nameProblem });
  }
  const found = findVersionProblem(version);
  if (found === undefined) return undefined;
  const { problem, suggestion } = found;
  const instead = suggestion === undefined ? {} : { suggestion };
  return failure('version-invalid', { version: shorten(version), problem, ...instead });
}

/** Parses what was read; a symlinked or oversized manifest is told, not followed. */
export function readCandidate(candidate: Candidate, bytes: Uint8Array | undefined): ParsedManifest {
  const cannot = (problem: string): ParsedManifest => ({
    kind: 'broken',
    name: undefined,
    failure: failure('manifest-invalid', { file: candidate.file, line: 0, column: 0, problem }),
  });
  if (candidate.isSymlink) return cannot('is a symbolic link; commit the file itself');
  if (bytes === undefined) return cannot('is larger than a manifest can be');
  return parseManifest(bytes, candidate.file);
}

/** Owner and version against the registry. Throws Outage when it is down: unknown is not absent. */
export async function judgeAgainstRegistry(
  deps: PipelineDeps,
  run: Run,
  context: JudgeContext,
  candidate: Candidate,
  parsed: Extract<ParsedManifest, { kind: 'unity' }>,
): Promise<Judgement> {
  const { manifest } = parsed;
  const { name, version } = manifest;
  const base: PackageResult = { ...blankResult(name, candidate.path, 'not-attempted'), version };
  const settle = (result: PackageResult): Judgement => ({ kind: 'settled', result });
  const paths = context.duplicates.get(name);
  if (paths !== undefined) return settle(failed(base, failure('duplicate-name', { name, paths })));
  const packument = await findPackument(deps, run, name);
  if (packument instanceof NameRefusal) return judgeRefused(deps, run, base, packument);
  const ownership = await findOwnership(deps, run, context, name, packument);
  if (ownership.kind === 'theirs') {
    return settle(excludeTheirs(base, ownership.slug));
  }
  if (ownership.kind === 'contested') {
    return settle(failed(base, failure('name-contested', { name, holders: ownership.holders })));
  }
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

/** Undefined: the registry says that it has none. A refusal of this name alone is a value: the others go on. */
async function findPackument(
  deps: PipelineDeps,
  run: Run,
  name: string,
): Promise<Packument | NameRefusal | undefined> {
  try {
    const packument = await deps.registry.findPackument(name, run.signal);
    return run.job.mode === 'shadow' ? await seeInTrial(deps.trial, run.job, name, packument) : packument;
  } catch (error) {
    if (error instanceof NameRefusal) return error;
    throw error;
  }
}

/** Nothing is decided about a name that cannot be looked up, except that it is somebody else's. */
async function judgeRefused(
  deps: PipelineDeps,
  run: Run,
  base: PackageResult,
  refusal: NameRefusal,
): Promise<Judgement> {
  const owner = await deps.ledger.findOwner(base.name);
  if (owner !== undefined && owner.repositoryId !== run.job.repositoryId) {
    return { kind: 'settled', result: excludeTheirs(base, owner.slug) };
  }
  const { failure: why, retryAfterMs } = refusal;
  return { kind: 'settled', result: failed(base, why), retryAfterMs };
}

function excludeTheirs(base: PackageResult, slug: string): PackageResult {
  return { ...base, state: 'excluded', note: `${slug} owns this name` };
}

/** While a version waited for its dependencies, a higher one was published: nothing is left to do. */
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
  deps: PipelineDeps,
  run: Run,
  context: JudgeContext,
  name: string,
  packument: Packument | undefined,
): Promise<ReturnType<typeof decideOwnership>> {
  const repository = { repositoryId: run.job.repositoryId, slug: run.job.slug };
  const owner = await deps.ledger.findOwner(name);
  const holders = owner === undefined ? await deps.ledger.listHolders(name) : [];
  const ownership = decideOwnership({
    repository,
    owner,
    packument,
    otherHolders: holders.filter((holder) => holder.repositoryId !== repository.repositoryId),
    registered: context.registeredSlugs,
    gitServerUrl: deps.changelog.gitServerUrl,
  });
  if (ownership.kind !== 'claim' || run.job.mode === 'shadow') return ownership;
  const now = await deps.ledger.claimName(name, repository.repositoryId, ownership.how);
  return now.repositoryId === repository.repositoryId ? { kind: 'ours' } : { kind: 'theirs', slug: now.slug };
}

async function listOwnCopies(deps: PipelineDeps, name: string, version: string): Promise<readonly OwnCopy[]> {
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

/** The version that users have now: the highest stable below, else the highest below. */
function findPrevious(lower: readonly string[]): string | undefined {
  return highestOf(lower.filter((known) => !isPrerelease(known))) ?? lower[0];
}
