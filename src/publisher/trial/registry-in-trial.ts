import type { Job } from '../../domain/job/report.ts';
import type { Integrity, Packument } from '../../domain/package/packument.ts';
import type { ShadowTrial } from '../../ports/shadow.ts';

/**
 * Returns the registry's document as it would be if only this repository had published since its trial began:
 * versions that another publisher put there meanwhile are left out, versions that earlier jobs would have published
 * are included. So it does not matter which of the two is quicker. Begins no trial: until a first look is saved, the
 * document stays as it is.
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
    // A job that continues after a restart records its versions again.
    if (by === job.number || versions.has(version)) continue;
    versions.set(version, { version, integrity: integrity as Integrity });
  }
  if (versions.size === 0 && packument === undefined) return undefined;
  const { distTags = {}, repositoryUrl } = packument ?? {};
  return { name, versions, distTags, repositoryUrl };
}
