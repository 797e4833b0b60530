import { renderPackage } from '../../domain/job/package-report.ts';
import type { Job, PackageReport } from '../../domain/job/report.ts';
import type { CommitSha, Repository } from '../../domain/repository/repository.ts';
import { noStages, startRun } from '../run/pipeline.ts';
import { noProgress } from '../run/progress.ts';
import type { PrepareDeps } from './deps.ts';
import { buildDryHalf, type DryListener } from './dry-half.ts';
import { publishDispatch } from './publish-dispatch.ts';

export interface DryRequest {
  readonly repository: Repository;
  readonly commit: CommitSha;
  /** Path of one package; '' for the whole commit. */
  readonly packagePath: string;
  readonly allowLower: boolean;
  readonly by: string;
}

/** Reports how many of the `total` packages to be packed are done. */
export type OnProgress = (done: number, total: number) => void;

export interface DryRun {
  readonly branch: string;
  /** What would become of each package; a package that would be published is `not-attempted` without a reason. */
  readonly packages: readonly PackageReport[];
}

/**
 * Runs the first half of the pipeline without writing anything: no job, no owner, no judged commit, no cache. Throws
 * what the pipeline throws.
 */
export async function runDry(
  deps: PrepareDeps,
  request: DryRequest,
  signal: AbortSignal,
  onProgress: OnProgress = () => undefined,
): Promise<DryRun> {
  const { clock, logger } = deps;
  const job = buildDryJob(request, clock.now());
  const run = startRun({ logger, jobLog: noStages, progress: noProgress }, job, signal);
  const half = buildDryHalf(deps.package.build.workspace, countProgress(onProgress));
  const { results, about } = await publishDispatch(asDryRun(deps), half, run);
  return { branch: about.branch, packages: results.map(renderPackage) };
}

/**
 * Whether a package of a dry run would be published: it is reported as `published`, or as `not-attempted` without a
 * reason.
 */
export function wouldPublish(item: PackageReport): boolean {
  return item.outcome === 'published' || (item.outcome === 'not-attempted' && item.reason === null);
}

/** Builds a job that is never stored; no real job has the number 0. */
function buildDryJob({ repository, commit, packagePath, allowLower, by }: DryRequest, now: number): Job {
  return {
    number: 0,
    dispatchId: '',
    attempt: 1,
    repositoryId: repository.id,
    slug: repository.slug,
    mode: 'shadow',
    branches: repository.branches,
    scopes: repository.scopes,
    commit,
    commitAuthor: undefined,
    packagePath,
    allowLower,
    everything: packagePath === '',
    requestedBy: by,
    requestedAt: now,
    base: undefined,
  };
}

/**
 * Judges against the registry as it is, without what a trial would have published. Asks no model for wording, because
 * nobody reads the text.
 */
function asDryRun(deps: PrepareDeps): PrepareDeps {
  const { changelog, judge } = deps;
  return {
    ...deps,
    judge: { ...judge, trial: undefined },
    changelog: { ...changelog, words: { ...changelog.words, wording: undefined } },
    // Kept tarballs belong to real jobs.
    package: { ...deps.package, kept: undefined },
  };
}

function countProgress(onProgress: OnProgress): DryListener {
  let total = 0;
  let done = 0;
  return {
    planned: async (_results, count) => {
      total = count;
      onProgress(done, total);
    },
    settled: async () => onProgress(++done, total),
  };
}
