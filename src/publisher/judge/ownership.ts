import type { Packument } from '../../domain/package/packument.ts';
import { ownerOf, type Slug, sameSlug } from '../../domain/repository/repository.ts';
import type { NameOwner } from '../../ports/catalog.ts';
import { readNamedRepository } from '../commit/named-repository.ts';

export interface OwnershipFacts {
  readonly repository: NameOwner;
  readonly owner: NameOwner | undefined;
  readonly packument: Packument | undefined;
  /** Registered repositories, other than this one, in which the name was seen. */
  readonly otherHolders: readonly NameOwner[];
  /** All registered repositories' slugs. */
  readonly registered: readonly Slug[];
  /** GITHUB_SERVER_URL. */
  readonly gitServerUrl: string;
}

export type Ownership =
  | { readonly kind: 'ours' }
  | { readonly kind: 'claim'; readonly how: 'first-publish' | 'packument' | 'sole-holder' }
  | { readonly kind: 'theirs'; readonly slug: string }
  | { readonly kind: 'contested'; readonly holders: string };

/** Longest part of a registry's repository address that is shown, in characters. */
const shownMax = 200;

/**
 * Decides who owns a name: the recorded owner; else the first publisher of a name that the registry does not know;
 * else the repository that the registry's document names; else the only repository that holds the name. Pure.
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

/**
 * Decides by the repository that the registry's document names: this one, another registered one, or a repository of
 * the studio that may still publish the name, here or on another host. A repository of somebody else is ignored; an
 * unreadable address may be any of these.
 */
function ownershipByUrl(facts: OwnershipFacts, { repositoryUrl }: Packument): Ownership | undefined {
  const { repository, registered, gitServerUrl } = facts;
  if (repositoryUrl === undefined) return undefined;
  const named = readNamedRepository(repositoryUrl, gitServerUrl);
  const contested: Ownership = {
    kind: 'contested',
    holders: `the registry names ${repositoryUrl.slice(0, shownMax)}, this is ${repository.slug}`,
  };
  if (named.kind === 'unreadable') return contested;
  const { slug } = named;
  if (slug !== undefined && sameSlug(slug, repository.slug)) return { kind: 'claim', how: 'packument' };
  const known = registered.find((one) => slug !== undefined && sameSlug(one, slug));
  if (known !== undefined) return { kind: 'theirs', slug: known };
  return isOfStudio(facts, named.kind === 'here' ? ownerOf(named.slug) : named.owner) ? contested : undefined;
}

/** Whether the account owns a registered repository; without an account nobody can rule that out. */
function isOfStudio({ repository, registered }: OwnershipFacts, owner: string | undefined): boolean {
  return (
    owner === undefined || [repository.slug, ...registered].some((slug) => sameSlug(ownerOf(slug), owner))
  );
}

function ownershipByHolders(facts: OwnershipFacts): Ownership {
  if (facts.otherHolders.length === 0) return { kind: 'claim', how: 'sole-holder' };
  const holders = [facts.repository, ...facts.otherHolders].map((holder) => holder.slug).join(', ');
  return { kind: 'contested', holders: `it stands in ${holders}` };
}
