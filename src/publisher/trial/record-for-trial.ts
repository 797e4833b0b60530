import type { Intent } from '../../ports/catalog.ts';
import type { PipelineDeps, Run } from '../run/pipeline.ts';

/** Keeps what would have been published, file by file, instead of sending it; the tarball is not needed any more. */
export async function recordForTrial(
  deps: Pick<PipelineDeps, 'contents' | 'trial' | 'workspace'>,
  run: Run,
  { tarball, ...intent }: Intent,
): Promise<void> {
  const { number: job, repositoryId } = run.job;
  const { name, version, commit, distTag } = intent;
  await run.stage('record-shadow', name, async () => {
    const contents = await deps.contents.readOwn(tarball, run.signal);
    const { integrity } = tarball;
    await deps.trial.record({ name, version, repositoryId, commit, job, distTag, integrity, contents });
  });
  await deps.workspace.removeTarball(tarball);
}
