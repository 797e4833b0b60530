import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';

export interface PullState {
  readonly number: number;
  readonly nodeId: string;
  /** Branches of the same repository. */
  readonly head: string;
  readonly base: string;
  title: string;
  body: string;
  state: 'open' | 'closed';
  mergedAs: string | undefined;
  /** The head commit at the time it was closed, because the branch may be gone afterwards. */
  closedAt: string | undefined;
}

export interface CheckRunState {
  readonly id: number;
  readonly commit: string;
  readonly name: string;
  status: string;
  conclusion: string | null;
  title: string | null;
  summary: string | null;
  readonly annotations: unknown[];
}

export interface StatusState {
  readonly commit: string;
  readonly context: string;
  readonly state: string;
  readonly description: string;
}

/** Why a branch takes no direct commits. `ruleset` is the newer form, which fails with another error type. */
export interface Protection {
  readonly how: 'classic' | 'ruleset';
  /** When true, pull requests wait for checks too: nothing can be merged before `satisfy`. */
  readonly checksPending?: boolean;
}

export interface RepositoryState {
  readonly id: number;
  readonly ownerId: number;
  slug: string;
  readonly bare: string;
  isArchived: boolean;
  readonly protections: Map<string, Protection>;
  readonly pulls: PullState[];
  readonly checkRuns: CheckRunState[];
  /** In the order in which they were set. */
  readonly statuses: StatusState[];
}

export interface TokenState {
  /** Ids of the repositories that the token reaches; undefined means all. */
  readonly repositories: readonly number[] | undefined;
  /** Whether the token reads contents; without it a token knows only that the repository exists. */
  readonly canRead: boolean;
  readonly canWrite: boolean;
  readonly canWriteWorkflows: boolean;
  readonly canWriteChecks: boolean;
  readonly canWriteStatuses: boolean;
  readonly expiresAtMs: number;
  readonly kind: 'personal' | 'installation';
}

export interface InstallationState {
  readonly id: number;
  readonly owner: string;
  /** Permissions that the owner granted. */
  permissions: Readonly<Record<string, string>>;
  /** Repositories that the owner left out. */
  readonly hidden: Set<string>;
  isSuspended: boolean;
}

export interface DeliveryState {
  readonly id: number;
  readonly guid: string;
  readonly event: string;
  readonly action: string | null;
  readonly body: string;
  readonly deliveredAtMs: number;
  readonly isRedelivery: boolean;
  /** 0 when nobody answered. */
  readonly statusCode: number;
}

/** Permissions that the App asks for when somebody installs it. */
export const appPermissions: Readonly<Record<string, string>> = {
  contents: 'write',
  metadata: 'read',
  pull_requests: 'write',
  workflows: 'write',
};

let appKey: KeyObject | undefined;

/** Creates the App's key on first use and once per process, because that takes a while and there is one App. */
function findAppKey(): KeyObject {
  appKey ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  return appKey;
}

/** All state that is not in the bare repositories. */
export class GitHubState {
  readonly now: () => number;
  readonly appId = '100001';
  readonly repositories: RepositoryState[] = [];
  readonly movedSlugs = new Map<string, RepositoryState>();
  readonly tokens = new Map<string, TokenState>();
  readonly installations: InstallationState[] = [];
  readonly deliveries: DeliveryState[] = [];
  readonly dispatches: { readonly slug: string; readonly body: unknown }[] = [];
  readonly runs: { readonly slug: string; readonly run: unknown }[] = [];
  #nextId = 900_001;

  constructor(now: () => number) {
    this.now = now;
  }

  /** The App's private key. */
  get appKey(): KeyObject {
    return findAppKey();
  }

  nextId(): number {
    return this.#nextId++;
  }

  add(slug: string, bare: string): RepositoryState {
    const ownerId = this.ownerIdOf(slug);
    const repository: RepositoryState = {
      id: this.nextId(),
      ownerId,
      slug,
      bare,
      isArchived: false,
      protections: new Map(),
      pulls: [],
      checkRuns: [],
      statuses: [],
    };
    this.repositories.push(repository);
    return repository;
  }

  ownerIdOf(slug: string): number {
    const owner = ownerOf(slug).toLowerCase();
    const known = this.repositories.find((item) => ownerOf(item.slug).toLowerCase() === owner);
    return known?.ownerId ?? this.nextId();
  }

  find(slug: string): RepositoryState | undefined {
    return this.repositories.find((item) => item.slug.toLowerCase() === slug.toLowerCase());
  }

  /** Issues a token in GitHub's present form: long, with dots. */
  issueToken(token: Omit<TokenState, 'expiresAtMs'>, livesMs: number): string {
    const parts = [randomBytes(120), randomBytes(120), randomBytes(60)].map((part) =>
      part.toString('base64url'),
    );
    const prefix = token.kind === 'installation' ? 'ghs_' : 'ghp_';
    const text = `${prefix}${parts.join('.')}`;
    this.tokens.set(text, { ...token, expiresAtMs: this.now() + livesMs });
    return text;
  }

  /** Finds a token; undefined when it is unknown or has expired. */
  findToken(text: string | undefined): TokenState | undefined {
    const token = text === undefined ? undefined : this.tokens.get(text);
    return token !== undefined && token.expiresAtMs > this.now() ? token : undefined;
  }
}

export function ownerOf(slug: string): string {
  return slug.slice(0, slug.indexOf('/'));
}

export function reaches(token: TokenState, repository: RepositoryState): boolean {
  return token.repositories === undefined || token.repositories.includes(repository.id);
}
