import type { Job } from '../../domain/job/report.ts';
import type { Integrity, Packument } from '../../domain/package/packument.ts';
import type { ShadowTrial } from '../../ports/shadow.ts';

/** For dry runs: the registry is as it is, and nothing is kept. */
export const noTrial: ShadowTrial = {
  begin: async (_repositoryId, _name, versions) => versions,
  listRecorded: async () => [],
  record: async () => undefined,
};

/**
 * The registry as it would be, had this repository published for itself since its trial began: what another publisher
 * put there meanwhile is left out, what earlier jobs would have published is there. So it does not matter which of the
 * two is quicker.
 */
export async function seeInTrial(
  trial: ShadowTrial,
  job: Pick<Job, 'number' | 'repositoryId'>,
  name: string,
  packument: Packument | undefined,
): Promise<Packument | undefined> {
  const present = packument?.versions ?? new Map();
  const before = new Set(await trial.begin(job.repositoryId, name, [...present.keys()]));
  const recorded = await trial.listRecorded(name);
  const versions = new Map([...present].filter(([version]) => before.has(version)));
  for (const { version, integrity, job: by } of recorded) {
    // A job that goes on after a restart records its versions again.
    if (by === job.number || versions.has(version)) continue;
    versions.set(version, { version, integrity: integrity as Integrity });
  }
  if (versions.size === 0 && packument === undefined) return undefined;
  const { distTags = {}, repositoryUrl } = packument ?? {};
  return { name, versions, distTags, repositoryUrl };
}
