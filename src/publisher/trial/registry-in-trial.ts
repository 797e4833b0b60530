import type { Job } from '../../domain/job/report.ts';
import type { Integrity, Packument } from '../../domain/package/packument.ts';
import type { ShadowTrial } from '../../ports/shadow.ts';

/**
 * The registry as it would be, had this repository published for itself since its trial began: what another publisher
 * put there meanwhile is left out, what earlier jobs would have published is there. So it does not matter which of the
 * two is quicker. Begins no trial: before its first look was kept, the registry is as it is.
 */
export async function seeInTrial(
  trial: Pick<ShadowTrial, 'findStart' | 'listRecorded'>,
  job: Pick<Job, 'number'>,
  name: string,
  packument: Packument | undefined,
): Promise<Packument | undefined> {
  const present = packument?.versions ?? new Map();
  const before = new Set(await trial.findStart(name, [...present.keys()]));
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
