import type { PlannedPackage } from '../judge/judgement.ts';
import type { Run } from '../run/run.ts';
import type { CheckDeps } from './deps.ts';
import type { FindingPolicy } from './finding-policy.ts';

/** What is to be made of the findings of a package that is packed in this run. */
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
