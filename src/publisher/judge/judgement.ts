import type { PackageResult } from '../../domain/job/report.ts';
import type { UnityManifest } from '../../domain/package/manifest.ts';
import type { Candidate } from '../commit/candidates.ts';
import type { DependencySources } from '../preflight/contents/dependency-availability.ts';
import type { VersionReader } from '../preflight/guid-index/version-reader.ts';
import type { Ownership } from './ownership.ts';
import type { Decision } from './plan.ts';

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

/** What the packages of one commit mean for each other. */
export interface CommitContext {
  readonly branch: string;
  /** Versions of its packages by name, but for copies of other people's. */
  readonly siblings: ReadonlyMap<string, string>;
  /** Where their dependencies may come from; each name is looked up once. */
  readonly sources: DependencySources;
  /** Reads published versions that the index lacks, each once. */
  readonly versions: VersionReader;
}

/** With what the rest of its commit means for it. */
export interface PlannedPackage extends JudgedPackage {
  readonly commit: CommitContext;
}

export type Judgement =
  | { readonly kind: 'planned'; readonly plan: JudgedPackage }
  /** `retryAfterMs`: the registry asked for a pause before this name is looked up again. */
  | { readonly kind: 'settled'; readonly result: PackageResult; readonly retryAfterMs?: number };

/** A judgement, with what it supposes and nobody has kept yet. */
export interface NameJudgement {
  readonly judgement: Judgement;
  /** The name has no owner, and is to be this repository's: how it came to it. */
  readonly claim?: Claim;
  /** Versions that the registry showed, for the start of a trial. */
  readonly shown?: readonly string[];
}

export interface Claim {
  readonly how: Extract<Ownership, { kind: 'claim' }>['how'];
  /** Should somebody else be quicker. */
  readonly ifLost: (slug: string) => Judgement;
}
