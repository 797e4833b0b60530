import { type Failure, failure } from '../../domain/failure/failure.ts';
import { compareHashes } from '../../domain/package/integrity.ts';
import type { Integrity, Packument } from '../../domain/package/packument.ts';
import {
  findBar,
  highestOf,
  isHigher,
  isPrerelease,
  prereleaseTagOf,
  releaseLineOf,
} from '../../domain/package/version.ts';
import type { SupersededMode } from '../../domain/repository/repository.ts';

/** Bytes that we once meant to publish as this version, whether or not that succeeded. */
export interface OwnCopy {
  readonly integrity: Integrity;
  /** Hex SHA-1. */
  readonly shasum?: string;
  readonly commit: string;
  readonly job: number;
  /** True when we saw these bytes on the registry. */
  readonly stored: boolean;
}

export interface DecisionFacts {
  readonly version: string;
  readonly commit: string;
  readonly job: number;
  readonly packument: Packument | undefined;
  readonly ownCopies: readonly OwnCopy[];
  readonly onDefaultBranch: boolean;
  readonly allowLower: boolean;
  /** What happens to a version that would go beside higher ones; set when a newer commit was judged before. */
  readonly superseded?: SupersededMode;
}

export type Decision =
  | { readonly kind: 'publish'; readonly distTag: string }
  /** The registry has the version, and its document does not contradict bytes that we meant to publish. */
  | { readonly kind: 'published-by-us' }
  | { readonly kind: 'skip'; readonly note: string }
  | { readonly kind: 'withdrawn'; readonly failure: Failure }
  | { readonly kind: 'reject'; readonly failure: Failure };

/** Decides what happens to a valid, owned version, also for dry runs; no other place decides it. Pure. */
export function decide(facts: DecisionFacts): Decision {
  const present = facts.packument?.versions.get(facts.version);
  if (present !== undefined) return decidePresent(facts, present.integrity);
  if (facts.ownCopies.some((copy) => copy.stored)) {
    return { kind: 'withdrawn', failure: failure('version-withdrawn', { version: facts.version }) };
  }
  return decideTag(facts);
}

function decidePresent(facts: DecisionFacts, found: Integrity | undefined): Decision {
  const match = findCopy(facts.ownCopies, found);
  if (match !== undefined) {
    if (match.job === facts.job || !match.stored) return { kind: 'published-by-us' };
    return { kind: 'skip', note: `${facts.version} is already on the registry (#${match.job})` };
  }
  const ours = facts.ownCopies.find((copy) => copy.stored && copy.commit === facts.commit);
  if (ours !== undefined) {
    const shown = { version: facts.version, expected: ours.integrity, found: found ?? 'no integrity' };
    return { kind: 'reject', failure: failure('published-copy-differs', shown) };
  }
  return { kind: 'skip', note: `${facts.version} is already on the registry` };
}

/** Returns the copy with the hashes that are shown, else a copy that they say nothing about. */
function findCopy(copies: readonly OwnCopy[], shown: Integrity | undefined): OwnCopy | undefined {
  const compared = copies.map((copy) => [copy, compareHashes(shown, copy)] as const);
  return (compared.find(([, result]) => result === 'same') ??
    compared.find(([, result]) => result === 'unknown'))?.[0];
}

function decideTag(facts: DecisionFacts): Decision {
  const versions = [...(facts.packument?.versions.keys() ?? [])];
  const stable = versions.filter((version) => !isPrerelease(version));
  const prerelease = isPrerelease(facts.version);
  const bar = findBar(facts.version, { highest: highestOf(versions), highestStable: highestOf(stable) });
  if (bar !== undefined) return decideBackport(facts, versions, bar);
  return prerelease ? decidePrerelease(facts, versions) : { kind: 'publish', distTag: 'latest' };
}

/** Dist-tag of a version that is late or lower and must not take a tag from a higher one. */
const supersededTag = 'superseded';

function decidePrerelease(facts: DecisionFacts, versions: readonly string[]): Decision {
  const { superseded, version } = facts;
  const distTag = prereleaseTagOf(version);
  const holder = findTagHolder(facts, distTag, listAlike(versions, version));
  if (holder === undefined) return { kind: 'publish', distTag };
  if (superseded === 'skip') return rejectLower(version, holder);
  return {
    kind: 'publish',
    distTag: superseded === 'backport' ? supersededTag : findLineTag(facts, versions),
  };
}

/** Returns the tag of the version's release line, or `superseded` when a higher version has that. */
function findLineTag(facts: DecisionFacts, versions: readonly string[]): string {
  const { version } = facts;
  const line = releaseLineOf(version);
  const inLine = listAlike(versions, version).filter((known) => releaseLineOf(known) === line);
  const tag = isPrerelease(version) ? `release-${line}-${prereleaseTagOf(version)}` : `release-${line}`;
  return findTagHolder(facts, tag, inLine) === undefined ? tag : supersededTag;
}

/** Lists the stable versions for a stable one, and for a prerelease those with the same tag. */
function listAlike(versions: readonly string[], version: string): readonly string[] {
  if (!isPrerelease(version)) return versions.filter((known) => !isPrerelease(known));
  const tag = prereleaseTagOf(version);
  return versions.filter((known) => isPrerelease(known) && prereleaseTagOf(known) === tag);
}

/** Returns the highest version above this one that has the tag, or had it before somebody moved it. */
function findTagHolder(
  { packument, version }: DecisionFacts,
  tag: string,
  holders: readonly string[],
): string | undefined {
  const tagged = packument?.distTags[tag];
  const isKnown = tagged !== undefined && packument?.versions.has(tagged) === true;
  return highestOf([...holders, ...(isKnown ? [tagged] : [])].filter((known) => isHigher(known, version)));
}

function rejectLower(version: string, highest: string): Decision {
  return { kind: 'reject', failure: failure('version-not-increased', { version, highest }) };
}

function decideBackport(facts: DecisionFacts, versions: readonly string[], ceiling: string): Decision {
  const line = releaseLineOf(facts.version);
  const stable = versions.filter((version) => !isPrerelease(version));
  const highestInLine = highestOf(stable.filter((version) => releaseLineOf(version) === line));
  const continuesLine = highestInLine !== undefined && isHigher(facts.version, highestInLine);
  const isLate = facts.superseded === 'backport';
  if (!isLate && !mayGoBelow(facts, continuesLine)) {
    return rejectLower(facts.version, facts.onDefaultBranch ? ceiling : (highestInLine ?? ceiling));
  }
  if (isLate && holdsLine(highestInLine, continuesLine)) return { kind: 'publish', distTag: supersededTag };
  return { kind: 'publish', distTag: findLineTag(facts, versions) };
}

function mayGoBelow({ allowLower, onDefaultBranch }: DecisionFacts, continuesLine: boolean): boolean {
  return allowLower || (!onDefaultBranch && continuesLine);
}

function holdsLine(highestInLine: string | undefined, continuesLine: boolean): boolean {
  return highestInLine !== undefined && !continuesLine;
}
