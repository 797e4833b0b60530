import type { Packument } from '../domain/packument.ts';
import { ownerOf, type Slug, sameSlug, slugFromUrl } from '../domain/repository.ts';
import type { NameOwner } from '../ports/publish-ledger.ts';

export interface OwnershipFacts {
  readonly repository: NameOwner;
  readonly owner: NameOwner | undefined;
  readonly packument: Packument | undefined;
  /** Registered repositories, other than this one, in which the name was seen. */
  readonly otherHolders: readonly NameOwner[];
  /** All registered repositories' slugs. */
  readonly registered: readonly Slug[];
}

export type Ownership =
  | { readonly kind: 'ours' }
  | { readonly kind: 'claim'; readonly how: 'first-publish' | 'packument' | 'sole-holder' }
  | { readonly kind: 'theirs'; readonly slug: string }
  | { readonly kind: 'contested'; readonly holders: string };

/**
 * Whose name it is: the recorded owner; else the first publisher of a name the registry does not know; else the
 * repository that the registry's document names; else the only repository that holds it. Pure.
 */
export function decideOwnership(facts: OwnershipFacts): Ownership {
  const { owner, repository, packument } = facts;
  if (owner !== undefined) {
    return owner.repositoryId === repository.repositoryId
      ? { kind: 'ours' }
      : { kind: 'theirs', slug: owner.slug };
  }
  if (packument === undefined || packument.versions.size === 0)
    return { kind: 'claim', how: 'first-publish' };
  return ownershipByUrl(facts, packument) ?? ownershipByHolders(facts);
}

/** The registry's document names a repository: this one, another registered one, or a sibling of the same studio. */
function ownershipByUrl(facts: OwnershipFacts, packument: Packument): Ownership | undefined {
  const { repository } = facts;
  const named = packument.repositoryUrl === undefined ? undefined : slugFromUrl(packument.repositoryUrl);
  if (named === undefined) return undefined;
  if (sameSlug(named, repository.slug)) return { kind: 'claim', how: 'packument' };
  const registered = facts.registered.find((slug) => sameSlug(slug, named));
  if (registered !== undefined) return { kind: 'theirs', slug: registered };
  // A sibling of the same studio may still publish it by hand; an upstream elsewhere does not matter.
  if (!sameSlug(ownerOf(named), ownerOf(repository.slug))) return undefined;
  return { kind: 'contested', holders: `the registry names ${named}, this is ${repository.slug}` };
}

function ownershipByHolders(facts: OwnershipFacts): Ownership {
  if (facts.otherHolders.length === 0) return { kind: 'claim', how: 'sole-holder' };
  const holders = [facts.repository, ...facts.otherHolders].map((holder) => holder.slug).join(', ');
  return { kind: 'contested', holders: `it stands in ${holders}` };
}
