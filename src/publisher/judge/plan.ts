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
  if (bar !== undefined) return decideBackport(facts, stable, bar, prerelease);
  const distTag = prerelease ? prereleaseTagOf(facts.version) : 'latest';
  const holder = prerelease ? findTagHolder(versions, facts.version, distTag) : undefined;
  if (facts.superseded === undefined || holder === undefined) return { kind: 'publish', distTag };
  return facts.superseded === 'backport'
    ? { kind: 'publish', distTag: supersededTag }
    : rejectLower(facts.version, holder);
}

/** Dist-tag of a late version that must not take a tag from a newer one. */
const supersededTag = 'superseded';

/** Returns the highest prerelease above this one that has the same tag. */
function findTagHolder(versions: readonly string[], version: string, tag: string): string | undefined {
  const sameTag = (known: string): boolean => isPrerelease(known) && prereleaseTagOf(known) === tag;
  return highestOf(versions.filter((known) => isHigher(known, version) && sameTag(known)));
}

function rejectLower(version: string, highest: string): Decision {
  return { kind: 'reject', failure: failure('version-not-increased', { version, highest }) };
}

function decideBackport(
  facts: DecisionFacts,
  stable: readonly string[],
  ceiling: string,
  prerelease: boolean,
): Decision {
  const line = releaseLineOf(facts.version);
  const highestInLine = highestOf(stable.filter((version) => releaseLineOf(version) === line));
  const continuesLine = highestInLine !== undefined && isHigher(facts.version, highestInLine);
  const isLate = facts.superseded === 'backport';
  if (!isLate && !mayGoBelow(facts, continuesLine)) {
    return rejectLower(facts.version, facts.onDefaultBranch ? ceiling : (highestInLine ?? ceiling));
  }
  if (isLate && holdsLine(highestInLine, continuesLine)) return { kind: 'publish', distTag: supersededTag };
  const tag = `release-${line}`;
  return { kind: 'publish', distTag: prerelease ? `${tag}-${prereleaseTagOf(facts.version)}` : tag };
}

function mayGoBelow({ allowLower, onDefaultBranch }: DecisionFacts, continuesLine: boolean): boolean {
  return allowLower || (!onDefaultBranch && continuesLine);
}

function holdsLine(highestInLine: string | undefined, continuesLine: boolean): boolean {
  return highestInLine !== undefined && !continuesLine;
}
