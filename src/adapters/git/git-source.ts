import { join } from 'node:path';
import { PublishError } from '../../domain/failure/failure.ts';
import type { Tree } from '../../domain/package/tree.ts';
import type { CommitSha, RepositoryId, Slug } from '../../domain/repository/repository.ts';
import type { Clock } from '../../ports/clock.ts';
import type {
  CommitHistory,
  LocatedCommit,
  LocateRequest,
  RemoteBranches,
  RepositorySource,
  ResolvedCommit,
  ResolveRequest,
} from '../../ports/git.ts';
import type { Logger } from '../../ports/logger.ts';
import { onDisk } from '../system/disk-trouble.ts';
import { legalPatterns } from './branches.ts';
import { listAncestors, listDescendants } from './compare-commits.ts';
import { findBranch, findNearest, type LocalDeps } from './find-commit.ts';
import { buildGitEnv } from './git-env.ts';
import { listHistory, listLine } from './history.ts';
import { explainMissing } from './host/explain-missing.ts';
import { explainFailure, type FindToken, type RemoteDeps } from './host/fetch.ts';
import { listHeads } from './host/list-heads.ts';
import { resolveRef } from './host/resolve-ref.ts';
import { type UpdateDeps, updateMirror } from './host/update-mirror.ts';
import { inOrder, type Mirror, type Mirrors, openMirrors } from './mirrors.ts';
import { type BlobDeps, withBlobs, withKeptBlobs } from './open-blobs.ts';
import { openTrees, type Trees } from './read-tree.ts';
import { openReaders, type Readers } from './readers.ts';
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
  /** See UpdateDeps. */
  readonly refspecs?: UpdateDeps['refspecs'];
  /** See RemoteDeps. */
  readonly volume?: RemoteDeps['volume'];
  /** PATH, to find git. */
  readonly path?: string;
}

type RunArgs = Parameters<LocalDeps['run']>;

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
  readonly #blobs: BlobDeps;

  constructor(options: GitSourceOptions) {
    this.#options = options;
    const env = { home: join(options.folder, 'home'), path: options.path ?? '/usr/local/bin:/usr/bin:/bin' };
    this.#remote = { ...options, env, olderHosts: new Set() };
    this.#local = buildGitEnv(env, []);
    this.#readers = openReaders(this.#local);
    this.#localDeps = {
      readers: this.#readers,
      run: async (...how) => this.#run(...how),
    };
    this.#trees = openTrees(this.#readers, options.maxFiles);
    this.#mirrors = openMirrors({
      folder: options.folder,
      maxBytesTotal: options.maxMirrorBytesTotal,
      now: () => options.clock.now(),
      monotonic: () => options.clock.monotonic(),
    });
    this.#blobs = {
      remote: this.#remote,
      mirrors: this.#mirrors,
      readers: this.#readers,
      logger: options.logger,
      refspecs: options.refspecs,
      discardDamaged: async (mirror, cause) => this.#damaged(mirror, cause),
    };
  }

  asPort(): GitPorts {
    return {
      ...this.#blobPort(),
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
      ...this.#orderPort(),
      listCommits: async (id, head, known, signal) =>
        this.#use(id, signal, async (mirror, both) =>
          listHistory(this.#localDeps, mirror, head, known, both),
        ),
      listLine: async (id, head, base, signal) =>
        this.#use(id, signal, async (mirror, both) => listLine(this.#localDeps, mirror, head, base, both)),
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

  #orderPort(): Pick<GitPorts, 'listAncestors' | 'listDescendants'> {
    const ask =
      (list: typeof listAncestors): GitPorts['listAncestors'] =>
      async (id, commit, others, signal) =>
        this.#use(id, signal, async (mirror, both) => {
          const found = await list(this.#localDeps, mirror, commit, others, both);
          if (found === 'unreadable') throw await this.#damaged(mirror);
          return found;
        });
    return { listAncestors: ask(listAncestors), listDescendants: ask(listDescendants) };
  }

  #blobPort(): Pick<GitPorts, 'readKept' | 'readBlobs' | 'eachBlob' | 'stageFiles'> {
    const eachBlob: GitPorts['eachBlob'] = async (id, slug, oids, limits, take, signal) =>
      this.#use(id, signal, async (mirror, both) =>
        withBlobs(
          this.#blobs,
          mirror,
          slug,
          oids,
          both,
          async (reader, infos) => readSmall(reader, infos, oids, limits, take),
          limits.readNext,
        ),
      );
    return {
      eachBlob,
      readKept: async (id, oids, limits, signal) =>
        this.#use(id, signal, async (mirror, both) => {
          const contents = new Map<string, Buffer>();
          await withKeptBlobs(this.#blobs, mirror, oids, both, async (reader, infos) =>
            readSmall(reader, infos, oids, limits, (oid, content) => contents.set(oid, content)),
          );
          return contents;
        }),
      readBlobs: async (id, slug, oids, limits, signal) => {
        const contents = new Map<string, Buffer>();
        await eachBlob(id, slug, oids, limits, (oid, content) => contents.set(oid, content), signal);
        return contents;
      },
      stageFiles: async (id, slug, files, folder, maxBytesTotal, signal) =>
        this.#use(id, signal, async (mirror, both) => {
          const oids = files.map((file) => file.oid);
          await withBlobs(this.#blobs, mirror, slug, oids, both, async (reader, infos) => {
            checkTotal(infos, files, maxBytesTotal);
            await writeFiles(reader, infos, files, folder);
          });
        }),
    };
  }

  /** `stop` ends the work too. */
  async #use<T>(
    id: RepositoryId,
    signal: AbortSignal,
    work: (mirror: Mirror, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const both = AbortSignal.any([signal, this.#stopping.signal]);
    return onDisk(async () => this.#mirrors.use(id, async (mirror) => work(mirror, both)));
  }

  async #locate(mirror: Mirror, request: LocateRequest, signal: AbortSignal): Promise<LocatedCommit> {
    const patterns = legalPatterns(request.branches);
    const { commit, seenOn } = request;
    const known = await findBranch(this.#localDeps, mirror, { commit, patterns, seenOn }, signal);
    if (known !== undefined) return known;
    await updateMirror(this.#blobs, mirror, request.slug, patterns, signal);
    const fetched = await findBranch(this.#localDeps, mirror, { commit, patterns }, signal);
    if (fetched !== undefined) return fetched;
    throw await explainMissing(this.#remote, mirror, request, patterns, signal);
  }

  async #resolve(mirror: Mirror, request: ResolveRequest, signal: AbortSignal): Promise<ResolvedCommit> {
    const update = async (): Promise<void> =>
      updateMirror(this.#blobs, mirror, request.slug, legalPatterns(request.branches), signal);
    const deps = { remote: this.#remote, readers: this.#readers, mirrors: this.#mirrors, update };
    const commit = await resolveRef(deps, mirror, request, signal);
    return { commit, ...(await this.#locate(mirror, { ...request, commit }, signal)) };
  }

  async #listTree(mirror: Mirror, commit: CommitSha, signal: AbortSignal): Promise<Tree> {
    const tree = await this.#trees.read(mirror, commit, signal);
    if (tree === 'unreadable') throw await this.#damaged(mirror);
    return tree;
  }

  /** What was listed is not there: the next attempt starts with a new mirror. */
  async #damaged(mirror: Mirror, cause?: unknown): Promise<Error> {
    this.#trees.forget();
    mirror.defaultBranch = undefined;
    await inOrder(mirror, async () => this.#mirrors.discard(mirror));
    return new Error('the mirror was damaged; it is made anew', { cause });
  }

  async #run(...[args, signal, maxOutputBytes = 1024 * 1024, take]: RunArgs): Promise<GitResult> {
    const { timeoutMs } = this.#options;
    return runGit({ args, env: this.#local, signal, timeoutMs, maxOutputBytes, take });
  }
}
