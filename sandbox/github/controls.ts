import type { GitHost } from '../git-host.ts';
import { mergePull } from './pulls.ts';
import type { RouteContext } from './rest/route.ts';
import { showPush, showRepository } from './shapes.ts';
import {
  appPermissions,
  type DeliveryState,
  type GitHubState,
  ownerOf,
  type Protection,
  type RepositoryState,
  type TokenState,
} from './state.ts';
import type { WebhookSender, WebhookTarget } from './webhook-sender.ts';

export interface PersonalTokenOptions {
  /** Repositories that the token reaches; all when left out. */
  readonly repositories?: readonly string[];
  readonly canWrite?: boolean;
  readonly canWriteWorkflows?: boolean;
  /** False when left out. */
  readonly canWriteStatuses?: boolean;
  /** 90 days when left out. */
  readonly livesMs?: number;
  /** The token's text, for one that exists already. */
  readonly text?: string;
}

/** What people and administrators do on GitHub. */
export interface GitHubControls {
  /** Serves this bare repository of the git host. */
  addRepository(slug: string, bare: string): RepositoryState;
  /** Throws when there is no such repository. */
  repository(slug: string): RepositoryState;
  personalToken(options?: PersonalTokenOptions): string;
  /** Expires every token that was issued. */
  expireTokens(): void;
  /** Returns the App's private key, as GitHub issues it. */
  appPem(): string;
  /** Installs the App for this owner and returns the installation's id. */
  install(owner: string): number;
  protect(slug: string, branch: string, protection: Protection | undefined): void;
  archive(slug: string): void;
  /** Deletes the repository and creates it again with the same name, contents and owner, but another id. */
  makeAnew(slug: string): RepositoryState;
  /** Renames the repository, or transfers it to another owner. The old name redirects. */
  rename(slug: string, to: string): void;
  renameDefaultBranch(slug: string, to: string): void;
  /** Merges a pull request on behalf of a person. */
  merge(slug: string, pull: number): string;
  /** Sets where webhooks go; undefined for nowhere. */
  setWebhook(target: WebhookTarget | undefined): void;
  /** Delivers any event; undefined when there is no webhook. */
  deliver(event: string, payload: Readonly<Record<string, unknown>>): Promise<DeliveryState | undefined>;
  redeliver(id: number): Promise<DeliveryState>;
  /** Delivers the push event of what is already in the repository. */
  announcePush(
    slug: string,
    push: { readonly ref: string; readonly before: string; readonly after: string },
  ): Promise<DeliveryState | undefined>;
  /** Returns the repository as payloads contain it. */
  showRepository(slug: string): Readonly<Record<string, unknown>>;
  /** Resolves when all webhooks were sent. */
  settled(): Promise<void>;
}

interface ControlParts {
  readonly state: GitHubState;
  readonly sender: WebhookSender;
  readonly host: GitHost;
  readonly context: () => RouteContext;
  readonly renameDefaultBranch: (bare: string, to: string) => void;
}

const dayMs = 86_400_000;

function install(state: GitHubState, owner: string): number {
  const id = state.nextId();
  const hidden = new Set<string>();
  state.installations.push({ id, owner, permissions: appPermissions, hidden, isSuspended: false });
  return id;
}

export function buildControls(parts: ControlParts): GitHubControls {
  const { state, sender, context } = parts;
  const get = (slug: string): RepositoryState => {
    const found = state.find(slug);
    if (found === undefined) throw new Error(`there is no repository ${slug}`);
    return found;
  };
  return {
    addRepository: (slug, bare) => state.add(slug, bare),
    repository: get,
    personalToken: (options) => issuePersonalToken(state, options ?? {}),
    expireTokens: () => state.tokens.clear(),
    // In PKCS#1, which WebCrypto does not read.
    appPem: () => state.appKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
    install: (owner) => install(state, owner),
    protect: (slug, branch, protection) => {
      if (protection === undefined) get(slug).protections.delete(branch);
      else get(slug).protections.set(branch, protection);
    },
    archive: (slug) => {
      get(slug).isArchived = true;
      emitRepository(context(), get(slug), 'archived');
    },
    makeAnew: (slug) => {
      const old = get(slug);
      const made = state.add(slug, old.bare);
      state.repositories.splice(state.repositories.indexOf(old), 1);
      return made;
    },
    rename: (slug, to) => rename(parts, get(slug), to),
    renameDefaultBranch: (slug, to) => parts.renameDefaultBranch(get(slug).bare, to),
    merge: (slug, number) => {
      const pull = get(slug).pulls.find((item) => item.number === number);
      if (pull === undefined) throw new Error(`${slug} has no pull request ${number}`);
      return mergePull(context(), get(slug), pull);
    },
    setWebhook: (target) => {
      sender.target = target;
    },
    deliver: async (event, payload) => sender.send(event, payload),
    redeliver: async (id) => sender.redeliver(id),
    announcePush: async (slug, push) => sender.send('push', { ...showPush(context(), get(slug), push) }),
    showRepository: (slug) => showRepository(context(), get(slug)),
    settled: async () => sender.settled(),
  };
}

function issuePersonalToken(state: GitHubState, options: PersonalTokenOptions): string {
  const token: Omit<TokenState, 'expiresAtMs'> = {
    kind: 'personal',
    repositories: options.repositories?.map((slug) => state.find(slug)?.id ?? 0),
    canRead: true,
    canWrite: options.canWrite ?? true,
    canWriteWorkflows: options.canWriteWorkflows ?? true,
    canWriteChecks: false,
    canWriteStatuses: options.canWriteStatuses ?? false,
  };
  const livesMs = options.livesMs ?? 90 * dayMs;
  if (options.text === undefined) return state.issueToken(token, livesMs);
  state.tokens.set(options.text, { ...token, expiresAtMs: state.now() + livesMs });
  return options.text;
}

function rename({ state, host, context }: ControlParts, repository: RepositoryState, to: string): void {
  const from = repository.slug;
  state.movedSlugs.set(from.toLowerCase(), repository);
  state.movedSlugs.delete(to.toLowerCase());
  repository.slug = to;
  host.rename(from, to);
  const isTransfer = ownerOf(from) !== ownerOf(to);
  emitRepository(context(), repository, isTransfer ? 'transferred' : 'renamed', {
    changes: isTransfer
      ? { owner: { from: { organization: { login: ownerOf(from) } } } }
      : { repository: { name: { from: from.slice(ownerOf(from).length + 1) } } },
  });
}

function emitRepository(
  context: RouteContext,
  repository: RepositoryState,
  action: string,
  extra: Readonly<Record<string, unknown>> = {},
): void {
  context.emit('repository', { action, ...extra, repository: showRepository(context, repository) });
}
