import { renderPackage } from '../../domain/job/package-report.ts';
import type { Job, PackageReport } from '../../domain/job/report.ts';
import type { CommitSha, Repository } from '../../domain/repository/repository.ts';
import { type PipelineDeps, startRun } from '../run/pipeline.ts';
import { noProgress } from '../run/progress.ts';
import { noTrial } from '../trial/registry-in-trial.ts';
import { publishDispatch } from './publish-dispatch.ts';

export interface DryRequest {
  readonly repository: Repository;
  readonly commit: CommitSha;
  /** '' for all of it. */
  readonly packagePath: string;
  readonly allowLower: boolean;
  readonly by: string;
}

/** Packages done, of so many that are packed. */
export type OnProgress = (done: number, total: number) => void;

export interface DryRun {
  readonly branch: string;
  /** What would become of each package; those that would be published are `not-attempted` without a reason. */
  readonly packages: readonly PackageReport[];
}

/**
 * The whole pipeline but the upload, with nothing written: no job, no owner, no judged commit, no cache.
 * Throws what the pipeline throws.
 */
export async function runDry(
  deps: PipelineDeps,
  request: DryRequest,
  signal: AbortSignal,
  onProgress?: OnProgress,
): Promise<DryRun> {
  const pipeline = withoutTraces(deps, onProgress);
  const job = buildDryJob(request, deps.clock.now());
  const { results, about } = await publishDispatch(pipeline, startRun(pipeline, job, signal));
  return { branch: about.branch, packages: results.map(renderPackage) };
}

/** A dry run sends nothing: what it would send is said as published, or as not attempted for want of a reason. */
export function wouldPublish(item: PackageReport): boolean {
  return item.outcome === 'published' || (item.outcome === 'not-attempted' && item.reason === null);
}

/** Number 0 belongs to no job. */
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

/** Reads what is known and keeps nothing; tarballs of other jobs are neither used nor removed. */
function withoutTraces(pipeline: PipelineDeps, onProgress: OnProgress | undefined): PipelineDeps {
  const own = new Set<string>();
  return {
    ...pipeline,
    progress: onProgress === undefined ? noProgress : countProgress(onProgress),
    queue: { fixBase: async () => undefined, listWaiting: async () => [] },
    trial: noTrial,
    contents: { readOwn: async () => ({ files: [], manifest: undefined }) },
    changelog: {
      ...pipeline.changelog,
      // Nobody reads its words: no model is asked, and a job that is none owns no entry.
      wording: undefined,
      entries: { ...pipeline.changelog.entries, save: async () => undefined },
    },
    judged: { ...pipeline.judged, saveSightings: async () => undefined },
    ledger: { ...pipeline.ledger, markIntent: async () => undefined },
    jobLog: {
      ...pipeline.jobLog,
      startStage: async () => 0,
      endStage: async () => undefined,
      savePackages: async () => undefined,
    },
    workspace: {
      ...pipeline.workspace,
      isIntact: async () => false,
      newTarballFile: () => {
        const file = pipeline.workspace.newTarballFile();
        own.add(file);
        return file;
      },
      removeTarball: async (tarball) => {
        if (own.has(tarball.file)) await pipeline.workspace.removeTarball(tarball);
      },
    },
  };
}

function countProgress(onProgress: OnProgress): PipelineDeps['progress'] {
  let total = 0;
  let done = 0;
  return {
    ...noProgress,
    planned: (_job, count) => {
      total = count;
      onProgress(done, total);
    },
    settled: () => onProgress(++done, total),
  };
}
