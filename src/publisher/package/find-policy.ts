import type { PlannedPackage } from '../judge/judgement.ts';
import type { Run } from '../run/pipeline.ts';
import type { CheckDeps } from './deps.ts';
import type { FindingPolicy } from './finding-policy.ts';

/** Reads how the findings of a package packed in this run are weighed. */
export async function findPolicy(
  deps: Pick<CheckDeps, 'repositories' | 'exceptions'>,
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
