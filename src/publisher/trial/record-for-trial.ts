import type { IntentDraft } from '../../ports/catalog.ts';
import type { TarballContentsReader, Workspace } from '../../ports/packing.ts';
import type { ShadowTrial } from '../../ports/shadow.ts';
import type { Run } from '../run/pipeline.ts';

/** Dependencies for recording what a run in shadow mode would have published. */
export interface RecordTrialDeps {
  readonly trial: Pick<ShadowTrial, 'begin' | 'record'>;
  readonly contents: TarballContentsReader;
  readonly workspace: Pick<Workspace, 'removeTarball'>;
}

/** Records what would have been published, file by file, instead of sending it, and removes the tarball. */
export async function recordForTrial(
  deps: RecordTrialDeps,
  run: Run,
  { tarball, ...intent }: IntentDraft,
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
