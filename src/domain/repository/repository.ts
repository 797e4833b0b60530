import type { RuleLevels } from '../package/rule-level.ts';

/** Our own id of a registered repository; it survives renames. */
export type RepositoryId = number & { readonly __brand: 'RepositoryId' };
/** `owner/name` as the git host spells it; compared case-insensitively. */
export type Slug = string & { readonly __brand: 'Slug' };
/** 40 lower-case hex digits. */
export type CommitSha = string & { readonly __brand: 'CommitSha' };

export const repositoryStatuses = ['pending', 'active', 'disabled'] as const;
export type RepositoryStatus = (typeof repositoryStatuses)[number];
export const publishModes = ['live', 'shadow'] as const;
export type PublishMode = (typeof publishModes)[number];
export const supersededModes = ['skip', 'backport'] as const;
/** What becomes of a version below others whose commit is judged after a newer one. */
export type SupersededMode = (typeof supersededModes)[number];

/** How findings that need no judgement are repaired: only when a person asks for it, or while packing as well. */
export const fixModes = ['off', 'staging'] as const;
export type FixMode = (typeof fixModes)[number];

export interface Repository {
  readonly id: RepositoryId;
  readonly slug: Slug;
  readonly status: RepositoryStatus;
  readonly mode: PublishMode;
  /** Names or patterns (`release/*`) besides the default branch. */
  readonly branches: readonly string[];
  /** Narrows PACKAGE_SCOPES; empty means all of them. */
  readonly scopes: readonly string[];
  /** Levels of preflight rules in this repository, where they differ from the rules' own severity. */
  readonly rules: RuleLevels;
  readonly fixes: FixMode;
}

/** What may be set for a repository before it has an id. */
export interface RepositoryEntry {
  readonly slug: Slug;
  readonly status: RepositoryStatus;
  readonly mode?: PublishMode;
  readonly fixes?: FixMode;
  readonly branches?: readonly string[];
  readonly scopes?: readonly string[];
}

const slugPattern = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/;
const shaPattern = /^[0-9a-f]{40}$/;

/** Parses `owner/name` (GitHub's own character set); undefined when the text is anything else. */
export function parseSlug(text: string): Slug | undefined {
  return slugPattern.test(text) ? (text as Slug) : undefined;
}

export function parseCommitSha(text: string): CommitSha | undefined {
  const lower = text.toLowerCase();
  return shaPattern.test(lower) ? (lower as CommitSha) : undefined;
}

export function ownerOf(slug: Slug): string {
  return slug.slice(0, slug.indexOf('/'));
}

export function sameSlug(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/**
 * Returns the `owner/name` in any GitHub-like URL (https, ssh, `.git`, `/tree/…`, without a scheme), else undefined.
 */
export function slugFromUrl(url: string): Slug | undefined {
  const text = url.trim().replace(/^git\+/, '');
  const path =
    /^[^/@\s]+@[^:/\s]+:(.+)$/.exec(text)?.[1] ?? /^[a-z][a-z+]*:\/\/[^/]+\/(.+)$/i.exec(text)?.[1];
  const segments = (path ?? text).split('/');
  // Typed without a scheme: an owner has no dot, a host has one.
  if (segments[0]?.includes('.') === true) segments.shift();
  const [owner, name] = segments;
  if (owner === undefined || name === undefined) return undefined;
  return parseSlug(`${owner}/${name.replace(/[?#].*$/, '').replace(/\.git$/, '')}`);
}

/** What a repository begins with when a person adds it. */
export const newRepository: Pick<Repository, 'branches' | 'fixes' | 'mode' | 'rules' | 'scopes' | 'status'> =
  {
    status: 'pending',
    mode: 'live',
    branches: [],
    scopes: [],
    rules: {},
    fixes: 'off',
  };

/**
 * Returns the name under which a repository goes on when the git host gave its own name to another one: nothing can be
 * fetched by it.
 */
export function nameOfReplaced(id: RepositoryId, slug: Slug): string {
  return `${ownerOf(slug)}/was-${id}`;
}
