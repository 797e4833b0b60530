import type { PlannedPackage } from '../judge/judge.ts';
import type { PipelineDeps, Run } from '../run/pipeline.ts';
import type { FindingPolicy } from './finding-policy.ts';

/** What is to be made of the findings of a package that is packed in this run. */
export async function findPolicy(
  deps: Pick<PipelineDeps, 'repositories' | 'exceptions'>,
  { job }: Pick<Run, 'job'>,
  { manifest, result }: Pick<PlannedPackage, 'manifest' | 'result'>,
  earlier?: FindingPolicy['earlier'],
): Promise<FindingPolicy> {
  const repository = await deps.repositories.find(job.repositoryId);
  return {
    levels: repository?.rules ?? {},
    earlier,
    anyway: result.override !== undefined,
    allowedSecrets: await deps.exceptions.listAllowedSecrets(job.repositoryId, manifest.name),
  };
}
