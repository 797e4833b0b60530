import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGitHost } from '../../../sandbox/git-host.ts';
import { gitSync } from '../../../sandbox/git-sync.ts';
import { commitAll, commitFiles, type TreeFiles, unityPackage } from '../../../sandbox/unity-repository.ts';
import type { GitPorts } from '../../../src/adapters/git/git-source.ts';
import type { CommitSha, Repository, RepositoryId, Slug } from '../../../src/domain/repository/repository.ts';
import type { DispatchPayload } from '../../../src/publisher/dispatch/accept-dispatch.ts';
import { catchUp } from '../../../src/publisher/github/catch-up.ts';
import type { GitHubDeps } from '../../../src/publisher/github/deps.ts';
import { handleEvent } from '../../../src/publisher/github/handle-event.ts';
import { openTestSource } from '../../adapters/test-source.ts';

const never = new AbortController().signal;
const slug = 'studio/tools' as Slug;
const id = 1 as RepositoryId;
const branches = ['release/*'];
const repository: Repository = {
  id,
  slug,
  status: 'active',
  mode: 'live',
  branches,
  scopes: [],
  rules: {},
  fixes: 'off',
};

export const core = (version: string): TreeFiles =>
  unityPackage('com.studio.core', version, { folder: 'Core' });
export const tool = (version: string): TreeFiles =>
  unityPackage('com.studio.tool', version, { folder: 'Tool' });

type PushOptions = Omit<Parameters<typeof commitFiles>[1], 'files'>;

export interface Accepted {
  readonly commit: string;
  readonly by: string | undefined;
}

/** One registered repository on a git host, with the jobs made for its pushes. */
export class WatchedRepository {
  readonly accepted: Accepted[] = [];
  readonly notices: string[] = [];
  readonly dispatched = new Set<string>();
  /** Paths of packages that failed before. */
  open: readonly string[] = [];
  /** False when jobs end as soon as they are accepted; true when they wait. */
  areJobsWaiting = false;
  source: GitPorts;
  readonly #judged = new Map<string, CommitSha[]>();
  readonly #seen = new Map<string, CommitSha>();
  readonly #root: string;
  readonly #host: Awaited<ReturnType<typeof startGitHost>>;
  readonly #bare: string;

  private constructor(root: string, host: Awaited<ReturnType<typeof startGitHost>>, bare: string) {
    this.#root = root;
    this.#host = host;
    this.#bare = bare;
    this.source = openTestSource(host.url, join(root, 'mirrors'));
  }

  static async start(): Promise<WatchedRepository> {
    const root = await mkdtemp(join(tmpdir(), 'watched-repository-'));
    const host = await startGitHost({ folder: join(root, 'host') });
    return new WatchedRepository(root, host, await host.createRepository(slug));
  }

  async stop(): Promise<void> {
    await this.source.stop();
    await this.#host.stop();
    await rm(this.#root, { recursive: true });
  }

  /** Makes new mirrors, which have read nothing yet. */
  async forgetMirrors(): Promise<void> {
    await this.source.stop();
    this.source = openTestSource(this.#host.url, join(this.#root, 'other-mirrors'));
  }

  /** Returns the commit at which main was last seen. */
  seen(): CommitSha {
    const commit = this.#seen.get('main');
    if (commit === undefined) throw new Error('main was not looked at');
    return commit;
  }

  push(files: TreeFiles, options: PushOptions = {}): CommitSha {
    return commitFiles(this.#bare, { files, ...options }) as CommitSha;
  }

  /** Pushes one commit after the other in one run of git. */
  pushAll(pushes: readonly TreeFiles[]): readonly CommitSha[] {
    return commitAll(
      this.#bare,
      pushes.map((files) => ({ files })),
    ) as readonly CommitSha[];
  }

  moveBranch(branch: string, commit: CommitSha): void {
    gitSync(['-C', this.#bare, 'update-ref', `refs/heads/${branch}`, commit]);
  }

  /** Looks at the branch; returns the commits that became jobs, in order. */
  async look(source: Partial<GitPorts> = {}): Promise<readonly string[]> {
    const from = this.accepted.length;
    await catchUp({ ...this.#build(), source: { ...this.source, ...source } }, never);
    const made = this.accepted.slice(from);
    if (made.some(({ by }) => by !== 'catch-up')) throw new Error('a look asked in the name of an event');
    return made.map(({ commit }) => commit);
  }

  /** Sends a push event; returns what followed. */
  async announce(before: CommitSha, after: CommitSha, branch = 'main'): Promise<string> {
    const about = { githubId: 7, slug, defaultBranch: 'main' };
    const ref = `refs/heads/${branch}`;
    const event = { kind: 'push', repository: about, ref, before, after, message: '', author: '' } as const;
    return handleEvent(this.#build(), event, never);
  }

  #build(): GitHubDeps {
    const { accepted, dispatched, notices } = this;
    const judged = this.#judged;
    const seen = this.#seen;
    return {
      logger: { debug() {}, info() {}, warn() {}, error() {} },
      source: this.source,
      accept: async ({ commit, requestedBy }: DispatchPayload) => {
        accepted.push({ commit, by: requestedBy });
        dispatched.add(commit);
        if (!this.areJobsWaiting) await this.#judge(commit);
        const acceptance = { id: 'x', job: accepted.length, status: 'queued', duplicate: false };
        return { kind: 'accepted', acceptance };
      },
      requestCheck: async () => undefined,
      repositories: { list: async () => [repository] },
      judged: { listJudged: async (_id: number, branch: string) => (judged.get(branch) ?? []).toReversed() },
      jobLog: { listOpenPackages: async () => this.open },
      outbox: { add: async ({ title }: { readonly title: string }) => void notices.push(title) },
      looks: {
        take: async (_look: unknown, work: () => Promise<unknown>) => work(),
        listSuspected: async () => new Set(),
      },
      links: {
        findByGitHub: async () => repository,
        findSeenHead: async (_id: number, branch: string) => seen.get(branch),
        wasDispatched: async (_id: number, commit: string) => dispatched.has(commit),
        saveSeenHead: async (_id: number, branch: string, commit: CommitSha) => void seen.set(branch, commit),
      },
    } as unknown as GitHubDeps;
  }

  async #judge(commit: CommitSha): Promise<void> {
    const { branch } = await this.source.locate({ id, slug, commit, branches }, never);
    this.#judged.set(branch, [...(this.#judged.get(branch) ?? []), commit]);
  }
}
