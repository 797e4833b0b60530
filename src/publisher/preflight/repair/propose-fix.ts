import { failure, PublishError, renderFailure } from '../../../domain/failure/failure.ts';
import type { PackageReport } from '../../../domain/job/report.ts';
import { listBlocking } from '../../../domain/package/finding.ts';
import type { CommitSha, Repository } from '../../../domain/repository/repository.ts';
import type { BlobLimits, RepositorySource } from '../../../ports/git.ts';
import type { FileToCommit, PullRequest, RepositoryWriter } from '../../../ports/github.ts';
import type { FixProposal, FixProposals } from '../../../ports/preflight.ts';
import {
  checkOwnBranch,
  commitToOwnBranch,
  type OwnBranchDeps,
  type OwnCommitResult,
} from '../../commit/own-branch.ts';
import { describeFix } from './describe-fix.ts';
import { isFixable, planRepair, type Repair } from './plan-repair.ts';
import { type CommittedPackage, readPackageAt } from './read-package.ts';

export interface ProposeDeps extends OwnBranchDeps {
  readonly source: Pick<RepositorySource, 'locate' | 'listTree' | 'readBlobs' | 'eachBlob'> &
    OwnBranchDeps['source'];
  readonly writer: Pick<RepositoryWriter, 'openPullRequest' | 'findPullRequest'> & OwnBranchDeps['writer'];
  readonly proposals: FixProposals;
}

export interface FixRequest {
  readonly repository: Repository;
  readonly commit: CommitSha;
  /** Packages of the job that found something. */
  readonly packages: readonly PackageReport[];
  readonly job: number;
  readonly requestedBy: string;
}

/** The answer for one package. */
export type ProposedPackage =
  | {
      readonly kind: 'proposed';
      readonly name: string;
      readonly pullRequest: PullRequest;
      /** True when the pull request was opened just now, false when somebody had asked for it before. */
      readonly isNew: boolean;
      /** True when preflight stopped the package, false when it only warned. */
      readonly isStopped: boolean;
      /** Rules that stop the package and are left to people. */
      readonly leaves: readonly string[];
    }
  /** `detail` says why and what to do, in sentences. */
  | { readonly kind: 'refused'; readonly name: string; readonly detail: string };

/** Limits of what one pull request moves: the files are sent through the API as a whole. */
const movedLimits: BlobLimits = { maxBytesEach: 10 * 1024 * 1024, maxBytesTotal: 20 * 1024 * 1024 };

export interface FixProposer {
  /**
   * Opens one pull request for each package with something to repair. Two people who ask at once get the same one,
   * and it is found again after a crash. Empty when nothing can be repaired. Throws Outage('git-host').
   */
  propose(request: FixRequest, signal: AbortSignal): Promise<readonly ProposedPackage[]>;
}

export function buildFixProposer(deps: ProposeDeps): FixProposer {
  let last: Promise<unknown> = Promise.resolve();
  return {
    // Requests run one after the other, so that the second finds what the first opened.
    propose: async (request, signal) => {
      const now = last.then(async () => proposeAll(deps, request, signal));
      last = now.catch(() => undefined);
      return now;
    },
  };
}

async function proposeAll(
  deps: ProposeDeps,
  request: FixRequest,
  signal: AbortSignal,
): Promise<readonly ProposedPackage[]> {
  const proposed: ProposedPackage[] = [];
  for (const item of request.packages.filter(({ findings }) => findings.some(isFixable))) {
    const known = await deps.proposals.find(request.repository.id, item.name, request.commit);
    const answer = await refuseOrGive(item.name, async () =>
      known === undefined
        ? proposeOne(deps, request, item, signal)
        : findAgain(deps, request, item, known, signal),
    );
    if (answer !== undefined) proposed.push(answer);
  }
  return proposed;
}

async function refuseOrGive(
  name: string,
  work: () => Promise<ProposedPackage | undefined>,
): Promise<ProposedPackage | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PublishError)) throw error;
    const { title, remedy } = renderFailure(error.failure);
    return { kind: 'refused', name, detail: `${title}. ${remedy}` };
  }
}

/**
 * Asks the git host what became of an earlier pull request. If somebody added to its branch, it is refused and not
 * passed on as ours.
 */
async function findAgain(
  deps: ProposeDeps,
  { repository, commit }: FixRequest,
  item: PackageReport,
  { name, pullRequest: number, url }: FixProposal,
  signal: AbortSignal,
): Promise<ProposedPackage> {
  const { id: repositoryId, slug } = repository;
  const found = await deps.writer.findPullRequest(slug, number, signal);
  const pullRequest: PullRequest = found ?? { number, url, state: 'closed' };
  const place = { repositoryId, slug, branch: branchFor(name, commit) };
  const own = await deps.ownBranches.find(repositoryId, place.branch);
  if (pullRequest.state === 'open' && own?.commit !== undefined) {
    const checked = await checkOwnBranch(deps, place, own.commit, signal);
    if (checked.kind !== 'written') return { kind: 'refused', name, detail: checked.detail };
  }
  return { kind: 'proposed', name, pullRequest, isNew: false, ...judgeRest(item) };
}

/** Returns what merging does for the package. */
function judgeRest(item: PackageReport): { readonly isStopped: boolean; readonly leaves: readonly string[] } {
  const blocking = listBlocking(item);
  const left = blocking.filter((finding) => !isFixable(finding)).map(({ rule }) => rule);
  return { isStopped: blocking.length > 0, leaves: [...new Set(left)] };
}

async function proposeOne(
  deps: ProposeDeps,
  request: FixRequest,
  item: PackageReport,
  signal: AbortSignal,
): Promise<ProposedPackage | undefined> {
  const { repository, commit, job, requestedBy } = request;
  const { id, slug, branches } = repository;
  const { branch: base } = await deps.source.locate({ id, slug, commit, branches }, signal);
  const tree = await deps.source.listTree(id, commit, signal);
  const findings = item.findings.filter(isFixable);
  const found = await readPackageAt(deps.source, tree, { ...item, repository }, findings, signal);
  const repair = planRepair(found.package, findings);
  if (repair.changes.length === 0) return undefined;
  const files = await listFiles(deps, request, item, { found, repair }, signal);
  const head = branchFor(item.name, commit);
  const written = await commitOnce(deps, request, { head, name: item.name, files }, signal);
  if (written.kind !== 'written') return { kind: 'refused', name: item.name, detail: written.detail };
  const title = `Repair ${item.name}`;
  const rest = judgeRest(item);
  const body = describeFix(item, repair.steps, rest);
  const pullRequest = await deps.writer.openPullRequest({ slug, base, head, title, body }, signal);
  const checked = await checkOwnBranch(
    deps,
    { repositoryId: id, slug, branch: head },
    written.commit,
    signal,
  );
  if (checked.kind !== 'written') return { kind: 'refused', name: item.name, detail: checked.detail };
  const { number, url } = pullRequest;
  const proposal = { repositoryId: id, name: item.name, commit, pullRequest: number, url, requestedBy };
  await deps.proposals.save(proposal, job);
  return { kind: 'proposed', name: item.name, pullRequest, isNew: true, ...rest };
}

/** Returns the branch of a package's fix; characters that no branch name may have are replaced. */
function branchFor(name: string, commit: CommitSha): string {
  const safe = name
    .replaceAll(/[^A-Za-z0-9._-]/g, '-')
    .replaceAll(/\.{2,}/g, '.')
    .replace(/\.(?:lock)?$/, '');
  return `upm-fix/${safe}-${commit.slice(0, 7)}`;
}

/** Makes one commit on top of the commit that was judged, on a branch of its own. */
async function commitOnce(
  deps: ProposeDeps,
  { repository: { id, slug }, commit }: FixRequest,
  {
    head,
    name,
    files,
  }: { readonly head: string; readonly name: string; readonly files: readonly FileToCommit[] },
  signal: AbortSignal,
): Promise<OwnCommitResult> {
  const place = { repositoryId: id, slug, branch: head };
  const filesOn = async (tip: CommitSha) => (tip === commit ? files : []);
  const words = { headline: `fix: repair ${name}`, body: '' };
  const request = { ...place, base: commit, restart: false, filesOn, ...words };
  const result = await commitToOwnBranch(deps, request, signal);
  if (result.kind !== 'refused') return result;
  const detail = `GitHub does not take the commit: ${result.detail}. Let the publisher write to branches upm-fix/*, or correct it by hand.`;
  return { kind: 'refused', detail };
}

interface Planned {
  readonly found: CommittedPackage;
  readonly repair: Repair;
}

/**
 * Lists the files to commit by their paths in the repository. A moved file is sent as a whole, since the API cannot
 * move files.
 */
async function listFiles(
  { source }: ProposeDeps,
  { repository: { id, slug } }: FixRequest,
  { path: folder }: PackageReport,
  { found, repair }: Planned,
  signal: AbortSignal,
): Promise<readonly FileToCommit[]> {
  const at = (path: string): string => (folder === '' ? path : `${folder}/${path}`);
  const moved = repair.changes.filter((change) => change.kind === 'moved');
  const oids = moved.flatMap(({ path }) => found.oids.get(path) ?? []);
  const blobs = await source.readBlobs(id, slug, oids, movedLimits, signal).catch((error: unknown) => {
    const isTooLarge = error instanceof PublishError && error.failure.reason === 'repository-too-large';
    throw isTooLarge ? tooLarge(`what moves (${oids.length} files) is too large together`) : error;
  });
  return repair.changes.flatMap((change): readonly FileToCommit[] => {
    if (change.kind === 'written') {
      return [{ path: at(change.path), content: new TextEncoder().encode(change.content) }];
    }
    const gone = { path: at(change.path), content: undefined };
    if (change.kind === 'deleted') return [gone];
    const content = blobs.get(found.oids.get(change.path) ?? '');
    if (content === undefined) throw tooLarge(`${at(change.path)} is too large`);
    return [gone, { path: at(change.to), content }];
  });
}

function tooLarge(what: string): PublishError {
  const detail = `${what} to be moved in a pull request`;
  return new PublishError(failure('repository-too-large', { detail, of: 'moves' }));
}
