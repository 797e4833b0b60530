import { failure, PublishError, renderFailure } from '../../domain/failure.ts';
import { listBlocking } from '../../domain/finding.ts';
import type { PackageReport } from '../../domain/report.ts';
import type { CommitSha, Repository } from '../../domain/repository.ts';
import type { FixProposal, FixProposals } from '../../ports/fix-proposals.ts';
import type { BlobLimits, RepositorySource } from '../../ports/repository-source.ts';
import type { FileToCommit, PullRequest, RepositoryWriter } from '../../ports/repository-writer.ts';
import { describeFix } from './describe-fix.ts';
import { isFixable, planRepair, type Repair } from './plan-repair.ts';
import { type CommittedPackage, readPackageAt } from './read-package.ts';

export interface ProposeDeps {
  readonly source: Pick<RepositorySource, 'locate' | 'listTree' | 'readBlobs' | 'eachBlob'>;
  readonly writer: Pick<
    RepositoryWriter,
    'findHead' | 'setBranch' | 'commitFiles' | 'openPullRequest' | 'findPullRequest'
  >;
  readonly proposals: FixProposals;
}

export interface FixRequest {
  readonly repository: Repository;
  readonly commit: CommitSha;
  /** Of the job that found something. */
  readonly packages: readonly PackageReport[];
  readonly job: number;
  readonly requestedBy: string;
}

/** What there is for one package. */
export type ProposedPackage =
  | {
      readonly kind: 'proposed';
      readonly name: string;
      readonly pullRequest: PullRequest;
      /** It was opened just now; else somebody had asked before. */
      readonly isNew: boolean;
      /** Preflight stopped the package; else it only warned. */
      readonly isStopped: boolean;
      /** Rules that stop it and are left to people. */
      readonly leaves: readonly string[];
    }
  /** `detail`: why and what to do, in sentences. */
  | { readonly kind: 'refused'; readonly name: string; readonly detail: string };

/** What one pull request moves is sent through the API as a whole. */
const movedLimits: BlobLimits = { maxBytesEach: 10 * 1024 * 1024, maxBytesTotal: 20 * 1024 * 1024 };

export interface FixProposer {
  /**
   * One pull request for each package with something to repair, also for two who ask at once, and found again after a
   * crash. None when nothing can be repaired. Throws Outage('git-host').
   */
  propose(request: FixRequest, signal: AbortSignal): Promise<readonly ProposedPackage[]>;
}

export function buildFixProposer(deps: ProposeDeps): FixProposer {
  let last: Promise<unknown> = Promise.resolve();
  return {
    // One after the other: whoever asks second finds what the first one opened.
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

/** What became of it since is the git host's to say. */
async function findAgain(
  { writer }: ProposeDeps,
  { repository }: FixRequest,
  item: PackageReport,
  { name, pullRequest: number, url }: FixProposal,
  signal: AbortSignal,
): Promise<ProposedPackage> {
  const found = await writer.findPullRequest(repository.slug, number, signal);
  const pullRequest: PullRequest = found ?? { number, url, state: 'closed' };
  return { kind: 'proposed', name, pullRequest, isNew: false, ...judgeRest(item) };
}

/** What merging does for the package. */
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
  const trouble = await commitOnce(deps, request, { head, name: item.name, files }, signal);
  if (trouble !== undefined) return { kind: 'refused', name: item.name, detail: trouble };
  const title = `Repair ${item.name}`;
  const rest = judgeRest(item);
  const body = describeFix(item, repair.steps, rest);
  const pullRequest = await deps.writer.openPullRequest({ slug, base, head, title, body }, signal);
  const { number, url } = pullRequest;
  const proposal = { repositoryId: id, name: item.name, commit, pullRequest: number, url, requestedBy };
  await deps.proposals.save(proposal, job);
  return { kind: 'proposed', name: item.name, pullRequest, isNew: true, ...rest };
}

/** As far as a branch may be called like that. */
function branchFor(name: string, commit: CommitSha): string {
  const safe = name
    .replaceAll(/[^A-Za-z0-9._-]/g, '-')
    .replaceAll(/\.{2,}/g, '.')
    .replace(/\.(?:lock)?$/, '');
  return `upm-fix/${safe}-${commit.slice(0, 7)}`;
}

/** Our branch begins at the commit that was judged; one that is further already holds the repair. */
async function commitOnce(
  { writer }: ProposeDeps,
  { repository: { slug }, commit }: FixRequest,
  {
    head,
    name,
    files,
  }: { readonly head: string; readonly name: string; readonly files: readonly FileToCommit[] },
  signal: AbortSignal,
): Promise<string | undefined> {
  const end = await writer.findHead(slug, head, signal);
  if (end !== undefined && end !== commit) return undefined;
  if (end === undefined) await writer.setBranch(slug, head, commit, false, signal);
  const headline = `fix: repair ${name}`;
  const request = { slug, branch: head, expectedHead: commit, files, headline, body: '' };
  const result = await writer.commitFiles(request, signal);
  if (result.kind !== 'protected' && result.kind !== 'refused') return undefined;
  return `GitHub does not take the commit: ${result.detail}. Let the publisher write to branches upm-fix/*, or correct it by hand.`;
}

interface Planned {
  readonly found: CommittedPackage;
  readonly repair: Repair;
}

/** Paths in the repository; what is moved is sent as a whole, since the API knows no moving. */
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
