import { renderPackage } from '../../domain/package-report.ts';
import type { Job } from '../../domain/report.ts';
import { type PipelineDeps, startRun } from '../pipeline.ts';
import { noProgress } from '../progress.ts';
import { publishDispatch } from '../publish-dispatch.ts';
import { noTrial } from '../shadow/registry-in-trial.ts';
import { answerError, isAnswer } from './answers.ts';
import type { OperationsDeps } from './deps.ts';
import { type LocatedTarget, locateTarget } from './find-target.ts';
import type { Operations, PublishRequest } from './operations.ts';

/** The whole pipeline but the upload, with nothing written: no job, no owner, no judged commit, no cache. */
export async function planPublish(
  deps: OperationsDeps,
  request: PublishRequest,
  signal: AbortSignal,
): ReturnType<Operations['planPublish']> {
  const target = await locateTarget(deps, request, signal);
  if (isAnswer(target)) return target;
  const job = buildDryJob(target, request);
  const pipeline = withoutTraces(deps.pipeline);
  try {
    const { results, about } = await publishDispatch(pipeline, startRun(pipeline, job, signal));
    return {
      kind: 'plan',
      repository: job.slug,
      commit: job.commit,
      branch: about.branch,
      packages: results.map(renderPackage),
    };
  } catch (error) {
    signal.throwIfAborted();
    return answerError(error, request.ref, deps.clock.now());
  }
}

/** Number 0 belongs to no job. */
function buildDryJob({ repository, packagePath, located }: LocatedTarget, request: PublishRequest): Job {
  return {
    number: 0,
    dispatchId: '',
    attempt: 1,
    repositoryId: repository.id,
    slug: repository.slug,
    mode: 'shadow',
    branches: repository.branches,
    scopes: repository.scopes,
    commit: located.commit,
    commitAuthor: undefined,
    packagePath,
    allowLower: request.allowLower,
    everything: packagePath === '',
    requestedBy: request.by,
    base: undefined,
  };
}

/** Reads what is known and keeps nothing; tarballs of other jobs are neither used nor removed. */
function withoutTraces(pipeline: PipelineDeps): PipelineDeps {
  const own = new Set<string>();
  return {
    ...pipeline,
    progress: noProgress,
    queue: { fixBase: async () => undefined },
    trial: noTrial,
    contents: { readOwn: async () => ({ files: [], manifest: undefined }) },
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
