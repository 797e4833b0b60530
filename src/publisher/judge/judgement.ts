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
  /** Published versions above this one, highest first. */
  readonly publishedAbove: readonly string[];
  /** The result as far as it is known. */
  readonly result: PackageResult;
}

/** What the packages of one commit know of each other. */
export interface CommitContext {
  readonly branch: string;
  /** Versions of the commit's packages by name, without copies of other people's packages. */
  readonly siblings: ReadonlyMap<string, string>;
  /** Where the packages' dependencies may come from; each name is looked up once. */
  readonly sources: DependencySources;
  /** Reads published versions that the index lacks, each once. */
  readonly versions: VersionReader;
}

/** A judged package with the context of its commit. */
export interface PlannedPackage extends JudgedPackage {
  readonly commit: CommitContext;
}

export type Judgement =
  | { readonly kind: 'planned'; readonly plan: JudgedPackage }
  /** `retryAfterMs`: the registry asked for a pause before this name is looked up again. */
  | { readonly kind: 'settled'; readonly result: PackageResult; readonly retryAfterMs?: number };

/** A judgement, with what it assumes and what has not been saved yet. */
export interface NameJudgement {
  readonly judgement: Judgement;
  /** How the name comes to this repository; set when the name has no owner. */
  readonly claim?: Claim;
  /** Versions that the registry showed, for the start of a trial. */
  readonly shown?: readonly string[];
}

export interface Claim {
  readonly how: Extract<Ownership, { kind: 'claim' }>['how'];
  /** Returns the judgement to use when another repository claimed the name first. */
  readonly ifLost: (slug: string) => Judgement;
}
