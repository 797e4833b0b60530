import { join } from 'node:path';
import { failure, PublishError } from '../../domain/failure.ts';
import type { CommitSha, RepositoryId, Slug } from '../../domain/repository.ts';
import type { Tree } from '../../domain/tree.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CommitHistory } from '../../ports/commit-history.ts';
import type { Logger } from '../../ports/logger.ts';
import type { RemoteBranches } from '../../ports/remote-branches.ts';
import type {
  LocatedCommit,
  LocateRequest,
  RepositorySource,
  ResolvedCommit,
  ResolveRequest,
} from '../../ports/repository-source.ts';
import { headRef, legalPatterns, refspecs } from './branches.ts';
import { explainMissing } from './explain-missing.ts';
import { explainFailure, type FetchRequest, type FindToken, fetchInto, type RemoteDeps } from './fetch.ts';
import { findBranch, findNearest, type LocalDeps } from './find-commit.ts';
import { buildGitEnv } from './git-env.ts';
import { listHistory } from './history.ts';
import { listHeads, listRemote } from './list-heads.ts';
import { inOrder, type Mirror, type Mirrors, openMirrors } from './mirrors.ts';
import type { ObjectInfo, ObjectReader } from './object-reader.ts';
import { openTrees, type Trees } from './read-tree.ts';
import { openReaders, type Readers } from './readers.ts';
import { repackIfNeeded } from './repack.ts';
import { resolveRef } from './resolve-ref.ts';
import { type GitResult, runGit } from './run-git.ts';
import { checkTotal, readSmall, writeFiles } from './stage-blobs.ts';

export interface GitSourceOptions {
  /** GITHUB_SERVER_URL, without a trailing slash. */
  readonly serverUrl: string;
  /** Where the mirrors are kept. */
  readonly folder: string;
  readonly token: FindToken;
  /** A token was refused; true when the next one will be another one. */
  readonly renewToken?: (slug: Slug) => boolean;
  readonly maxMirrorBytesTotal: number;
  /** Growth of a mirror in one fetch. */
  readonly maxFetchBytes: number;
  /** Entries of one commit's tree. */
  readonly maxFiles: number;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** PATH, to find git. */
  readonly path?: string;
}

/** A default branch is seldom renamed; its name is asked for again with the next fetch after this. */
const branchNameKeptMs = 10 * 60_000;

/** What one set of mirrors serves. */
export type GitPorts = RepositorySource & RemoteBranches & CommitHistory & { stop(): Promise<void> };

/** Commits through bare mirrors and the git command line; see RepositorySource. */
export function buildGitSource(options: GitSourceOptions): GitPorts {
  return new GitSource(options).asPort();
}

class GitSource {
  readonly #options: GitSourceOptions;
  readonly #remote: RemoteDeps;
  readonly #local: Record<string, string>;
  readonly #mirrors: Mirrors;
  readonly #readers: Readers;
  readonly #localDeps: LocalDeps;
  readonly #stopping = new AbortController();
  readonly #trees: Trees;

  constructor(options: GitSourceOptions) {
    this.#options = options;
    const env = { home: join(options.folder, 'home'), path: options.path ?? '/usr/local/bin:/usr/bin:/bin' };
    this.#remote = { ...options, env };
    this.#local = buildGitEnv(env, []);
    this.#readers = openReaders(this.#local);
    this.#localDeps = {
      readers: this.#readers,
      run: async (args, signal, maxOutputBytes) => this.#run(args, signal, maxOutputBytes),
    };
    this.#trees = openTrees(this.#localDeps, options.maxFiles);
    this.#mirrors = openMirrors({
      folder: options.folder,
      maxBytesTotal: options.maxMirrorBytesTotal,
      now: () => options.clock.now(),
      init: async (folder) => {
        const args = ['init', '--quiet', '--bare', '--template=', folder];
        const made = await this.#run(args, this.#stopping.signal);
        if (made.code !== 0) throw new Error('a mirror could not be created: is git installed?');
      },
    });
  }

  asPort(): GitPorts {
    return {
      locate: async (request, signal) =>
        this.#use(request.id, signal, async (mirror, both) => this.#locate(mirror, request, both)),
      resolve: async (request, signal) =>
        this.#use(request.id, signal, async (mirror, both) => this.#resolve(mirror, request, both)),
      listTree: async (id, commit, signal) =>
        this.#use(id, signal, async (mirror, both) => this.#listTree(mirror, commit, both)),
      findNearestAncestor: async (id, commit, judged, signal) =>
        this.#use(id, signal, async (mirror, both) => {
          const found = await findNearest(this.#localDeps, mirror, commit, judged, both);
          if (found === 'unreadable') throw await this.#damaged(mirror);
          return found;
        }),
      listCommits: async (id, head, known, signal) =>
        this.#use(id, signal, async (mirror, both) =>
          listHistory(this.#localDeps, mirror, head, known, both),
        ),
      readBlobs: async (id, slug, oids, maxBytesEach, signal) =>
        this.#use(id, signal, async (mirror, both) => {
          const contents = new Map<string, Buffer>();
          await this.#withBlobs(mirror, slug, oids, both, async (reader, infos) =>
            readSmall(reader, infos, maxBytesEach, contents),
          );
          return contents;
        }),
      stageFiles: async (id, slug, files, folder, maxBytesTotal, signal) =>
        this.#use(id, signal, async (mirror, both) => {
          const oids = files.map((file) => file.oid);
          await this.#withBlobs(mirror, slug, oids, both, async (reader, infos) => {
            checkTotal(infos, files, maxBytesTotal);
            await writeFiles(reader, infos, files, folder);
          });
        }),
      probe: async (slug, signal) => {
        // Its own answer about one repository (gone, forbidden) shows that the host is up.
        await explainFailure(this.#remote, slug, signal).catch((error: unknown) => {
          if (!(error instanceof PublishError)) throw error;
        });
      },
      listHeads: async (slug, patterns, signal) => {
        const both = AbortSignal.any([signal, this.#stopping.signal]);
        return listHeads(this.#remote, slug, patterns, both);
      },
      stop: async () => {
        this.#stopping.abort(new Error('stopping'));
        this.#readers.stop();
      },
    };
  }

  /** `stop` ends the work too. */
  async #use<T>(
    id: RepositoryId,
    signal: AbortSignal,
    work: (mirror: Mirror, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const both = AbortSignal.any([signal, this.#stopping.signal]);
    return this.#mirrors.use(id, async (mirror) => work(mirror, both));
  }

  async #locate(mirror: Mirror, request: LocateRequest, signal: AbortSignal): Promise<LocatedCommit> {
    const patterns = legalPatterns(request.branches);
    const known = await findBranch(this.#localDeps, mirror, request.commit, patterns, signal);
    if (known !== undefined) return known;
    await inOrder(mirror, async () => this.#update(mirror, request.slug, patterns, signal));
    const fetched = await findBranch(this.#localDeps, mirror, request.commit, patterns, signal);
    if (fetched !== undefined) return fetched;
    throw await explainMissing(this.#remote, mirror, request, patterns, signal);
  }

  async #resolve(mirror: Mirror, request: ResolveRequest, signal: AbortSignal): Promise<ResolvedCommit> {
    const update = async (): Promise<void> =>
      inOrder(mirror, async () =>
        this.#update(mirror, request.slug, legalPatterns(request.branches), signal),
      );
    const deps = { remote: this.#remote, readers: this.#readers, mirrors: this.#mirrors, update };
    const commit = await resolveRef(deps, mirror, request, signal);
    return { commit, ...(await this.#locate(mirror, { ...request, commit }, signal)) };
  }

  async #update(mirror: Mirror, slug: Slug, patterns: readonly string[], signal: AbortSignal): Promise<void> {
    if (mirror.branchAskedAt === 0 || this.#options.clock.now() - mirror.branchAskedAt > branchNameKeptMs) {
      const { defaultBranch: branch } = await listRemote(this.#remote, slug, [], signal);
      // An empty repository has nothing to fetch; its commits are simply not found.
      if (branch === undefined) return;
      await this.#mirrors.saveDefaultBranch(mirror, branch);
    }
    // Twice, because a connection that broke is no reason to throw a good mirror away.
    if (await this.#fetchBranches(mirror, slug, patterns, signal)) return;
    if (await this.#fetchBranches(mirror, slug, patterns, signal)) return;
    this.#options.logger.warn('a mirror is made anew', { repository: slug });
    await this.#mirrors.discard(mirror);
    if (await this.#fetchBranches(mirror, slug, patterns, signal)) return;
    const detail = 'git fetch fails although the git host answers';
    throw new PublishError(failure('fetch-failed', { repository: slug, detail }));
  }

  /** First contact leaves all contents out; later changes come with their small files in the same answer. */
  async #fetchBranches(
    mirror: Mirror,
    slug: Slug,
    patterns: readonly string[],
    signal: AbortSignal,
  ): Promise<boolean> {
    // Asked of git, not remembered: a mirror may have been evicted, or its first fetch have broken off.
    const head = await this.#readers
      .use(mirror, signal, async (reader) => reader.resolve(headRef))
      .catch(() => undefined);
    const filter = head === undefined ? '--filter=blob:none' : '--filter=blob:limit=1m';
    const args = ['--force', '--prune', filter, 'origin', ...refspecs(patterns)];
    if (!(await this.#fetch(mirror, { slug, args }, signal))) return false;
    await repackIfNeeded(this.#remote, mirror, signal);
    return true;
  }

  async #listTree(mirror: Mirror, commit: CommitSha, signal: AbortSignal): Promise<Tree> {
    const tree = await this.#trees.read(mirror, commit, signal);
    if (tree === 'unreadable') throw await this.#damaged(mirror);
    return tree;
  }

  /** Opens the blobs, after fetching those that the mirror lacks in one request. */
  async #withBlobs(
    mirror: Mirror,
    slug: Slug,
    wanted: readonly string[],
    signal: AbortSignal,
    work: (reader: ObjectReader, infos: readonly ObjectInfo[]) => Promise<void>,
  ): Promise<void> {
    const oids = [...new Set(wanted)];
    if (oids.length === 0) return;
    for (const isLastTry of [false, true]) {
      const missing = await this.#reading(mirror, signal, async () =>
        this.#readers.use(mirror, signal, async (reader) => {
          const infos = await reader.list(oids);
          const lacking = infos.filter((info) => info.bytes === undefined).map((info) => info.oid);
          if (lacking.length === 0) await work(reader, infos);
          return lacking;
        }),
      );
      if (missing.length === 0) return;
      if (isLastTry) break;
      const args = ['--filter=blob:none', '--refmap=', '--stdin', 'origin'];
      const input = `${missing.join('\n')}\n`;
      await inOrder(mirror, async () => this.#fetch(mirror, { slug, args, input }, signal));
    }
    // Damage can hide behind "missing": git keeps a pack of the same name, broken or not.
    await this.#damaged(mirror);
    const detail = 'the git host did not send all of its files';
    throw new PublishError(failure('fetch-failed', { repository: slug, detail }));
  }

  /** A mirror that outgrew its limit is thrown away: what was fetched is of no use. */
  async #fetch(mirror: Mirror, request: FetchRequest, signal: AbortSignal): Promise<boolean> {
    try {
      const fetched = await fetchInto(this.#remote, mirror, request, signal);
      if (fetched) await this.#mirrors.settle(mirror);
      return fetched;
    } catch (error) {
      if (error instanceof PublishError && error.failure.reason === 'repository-too-large') {
        mirror.defaultBranch = undefined;
        await this.#mirrors.discard(mirror);
      }
      throw error;
    }
  }

  async #reading<T>(mirror: Mirror, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      const isOurs = error instanceof PublishError || (error instanceof Error && 'code' in error);
      throw isOurs ? error : await this.#damaged(mirror, error);
    }
  }

  /** What was listed is not there: the next attempt starts with a new mirror. */
  async #damaged(mirror: Mirror, cause?: unknown): Promise<Error> {
    this.#trees.forget();
    mirror.defaultBranch = undefined;
    await inOrder(mirror, async () => this.#mirrors.discard(mirror));
    return new Error('the mirror was damaged; it is made anew', { cause });
  }

  async #run(args: readonly string[], signal: AbortSignal, maxOutputBytes = 1024 * 1024): Promise<GitResult> {
    return runGit({ args, env: this.#local, signal, timeoutMs: this.#options.timeoutMs, maxOutputBytes });
  }
}
