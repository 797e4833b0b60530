import type { HistoryCommit } from '../../domain/changelog/changelog.ts';
import { PublishError } from '../../domain/failure/failure.ts';
import { byCatchUp } from '../../domain/job/actor.ts';
import { parseManifest } from '../../domain/package/manifest.ts';
import type { CommitSha, Repository } from '../../domain/repository/repository.ts';
import type { BlobLimits, History } from '../../ports/git.ts';
import { findCandidates } from '../commit/candidates.ts';
import type { GitHubDeps } from './deps.ts';

/** Most missed versions that are published, newest first: more than this is not an hour without webhooks. */
const stepsMax = 50;
/** How many commits that changed a manifest are searched for new versions. */
const commitsRead = 500;
const manifestLimits: BlobLimits = { maxBytesEach: 64 * 1024, maxBytesTotal: 32 * 1024 * 1024 };
/** How many judged commits of a branch are searched. */
const judgedLimit = 200;

/**
 * Dispatches what was pushed before the head without an event: along the branch's own line, each commit that gave a
 * package another version, oldest first. Returns the jobs that were made. Does nothing on a branch that is seen for
 * the first time or was rewritten, because nobody knows what its commits were before.
 */
export async function dispatchMissed(
  deps: GitHubDeps,
  head: Head,
  judgedOn: string,
  signal: AbortSignal,
): Promise<readonly number[]> {
  const line = await listUnannounced(deps, head, judgedOn, signal);
  const steps = await listVersionSteps(deps, head, line, signal);
  const missed = await listUndispatched(deps, head, steps);
  if (missed.length > stepsMax) await tellLeft(deps, head);
  const { repository, branch } = head;
  const jobs: number[] = [];
  for (const commit of missed.slice(0, stepsMax).toReversed()) {
    signal.throwIfAborted();
    const request = { repository: repository.slug, commit, packagePath: '', branch, requestedBy: byCatchUp };
    const result = await deps.accept(request);
    if (result.kind === 'refused') break;
    const { job, duplicate } = result.acceptance;
    if (!duplicate) jobs.push(job);
    deps.logger.info('a version that no event announced', {
      repository: repository.slug,
      branch,
      commit,
      job,
    });
  }
  return jobs;
}

/**
 * Lists the line below the head, newest first, from the last push that nobody announced back to what was seen or
 * judged.
 */
async function listUnannounced(
  deps: GitHubDeps,
  head: Head,
  judgedOn: string,
  signal: AbortSignal,
): Promise<readonly HistoryCommit[]> {
  const { commit, unannounced } = head;
  if (unannounced === undefined) return [];
  const base = await findLastKnown(deps, head, judgedOn, signal);
  if (base === undefined) return [];
  const { commits, isComplete } = await readLine(deps, head, base, signal);
  // The known commit came in by a merge: the commits of this line were on some other branch then.
  if (isComplete && commits.at(-1)?.parents[0] !== base) return [];
  const from = commits.findIndex((item) => item.commit === unannounced);
  return from < 0 ? [] : commits.slice(from).filter((item) => item.commit !== commit);
}

/** Reads the line. Empty when it cannot be read, which must not keep the head from being published. */
async function readLine(
  deps: GitHubDeps,
  { repository, commit }: Head,
  base: CommitSha,
  signal: AbortSignal,
): Promise<History> {
  try {
    return await deps.source.listLine(repository.id, commit, base, signal);
  } catch (error) {
    signal.throwIfAborted();
    deps.logger.warn('pushes that no event announced cannot be looked for', {
      repository: repository.slug,
      commit,
      error,
    });
    return { commits: [], isComplete: false };
  }
}

/** Returns the commit at which the branch was last seen, or a commit that was judged since. */
async function findLastKnown(
  deps: GitHubDeps,
  { repository, branch, commit }: Head,
  judgedOn: string,
  signal: AbortSignal,
): Promise<CommitSha | undefined> {
  const { id } = repository;
  const judged = await deps.judged.listJudged(id, judgedOn, judgedLimit);
  const seen = await deps.links.findSeenHead(id, branch);
  const known = seen === undefined ? judged : [seen, ...judged];
  if (known.length === 0) return undefined;
  const nearest = await deps.source.findNearestAncestor(id, commit, known, signal);
  if (seen === undefined || nearest === seen) return nearest;
  const isRewritten = (await deps.source.findNearestAncestor(id, commit, [seen], signal)) === undefined;
  return isRewritten ? undefined : nearest;
}

/** Returns the commits, newest first, in which some package got another version than before. */
async function listVersionSteps(
  deps: GitHubDeps,
  { repository }: Head,
  line: readonly HistoryCommit[],
  signal: AbortSignal,
): Promise<readonly CommitSha[]> {
  const edits = line
    .map((item) => ({ commit: item.commit, manifests: listManifestChanges(item) }))
    .filter(({ manifests }) => manifests.length > 0)
    .slice(0, commitsRead);
  if (edits.length === 0) return [];
  const oids = edits.flatMap(({ manifests }) => manifests.flatMap(({ before, after }) => [before, after]));
  const wanted = oids.filter((oid) => oid !== undefined);
  const contents = await deps.source
    .readKept(repository.id, wanted, manifestLimits, signal)
    .catch((error: unknown) => {
      if (!(error instanceof PublishError)) throw error;
      return new Map<string, Buffer>();
    });
  const label = (oid: string | undefined): string | undefined =>
    oid === undefined ? undefined : readLabel(oid, contents.get(oid));
  return edits.flatMap(({ commit, manifests }) => {
    const before = new Set(manifests.map((change) => label(change.before)));
    const hasStep = manifests.some(({ after }) => {
      const now = label(after);
      return now !== undefined && !before.has(now);
    });
    return hasStep ? [commit] : [];
  });
}

function listManifestChanges({ changes }: HistoryCommit): HistoryCommit['changes'] {
  const tree = changes.map(({ path }) => ({ mode: '100644' as const, oid: '', path }));
  const candidates = new Set(findCandidates(tree).map(({ file }) => file));
  return changes.filter(({ path }) => candidates.has(path));
}

/**
 * Returns `name@version` of a manifest; undefined when it is no package's. A manifest whose bytes are not here counts
 * as a version of its own.
 */
function readLabel(oid: string, bytes: Buffer | undefined): string | undefined {
  if (bytes === undefined) return oid;
  const parsed = parseManifest(bytes, 'package.json');
  return parsed.kind === 'unity' ? `${parsed.manifest.name}@${parsed.manifest.version}` : undefined;
}

/**
 * Lists the commits that were not dispatched; a dispatched commit covers what lies before it. Returns at most one
 * more than are published.
 */
async function listUndispatched(
  deps: GitHubDeps,
  { repository }: Head,
  steps: readonly CommitSha[],
): Promise<readonly CommitSha[]> {
  const missed: CommitSha[] = [];
  for (const commit of steps) {
    if (missed.length > stepsMax || (await deps.links.wasDispatched(repository.id, commit))) break;
    missed.push(commit);
  }
  return missed;
}

async function tellLeft(deps: GitHubDeps, { repository, branch, commit }: Head): Promise<void> {
  const { slug, id } = repository;
  deps.logger.warn('older versions that no event announced are left out', {
    repository: slug,
    branch,
    stepsMax,
  });
  const title = `More than ${stepsMax} commits on ${branch} of ${slug} changed a version and no event announced them`;
  const remedy = `The newest ${stepsMax} are published. For an older one that somebody needs, use /publish with its commit as ref and allow_lower.`;
  const notice = { kind: 'repository-notice', repository: slug, title, remedy } as const;
  await deps.outbox.add(notice, `catch-up-left-${id}-${commit}`);
}

/** A commit at which a branch was seen. */
export interface Head {
  readonly repository: Repository;
  readonly branch: string;
  readonly commit: CommitSha;
  readonly message?: string;
  readonly author?: string;
  /** `event`, `catch-up`, or a person. */
  readonly requestedBy: string;
  /**
   * The last push that nobody announced: an ancestor of `commit`, or `commit` itself. Undefined when all were
   * announced.
   */
  readonly unannounced?: CommitSha | undefined;
}
