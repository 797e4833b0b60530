import { Outage } from '../../domain/failure/failure.ts';
import { NameRefusal } from '../../domain/failure/name-trouble.ts';
import { sameSlug } from '../../domain/repository/repository.ts';
import { readNamedRepository } from '../commit/named-repository.ts';
import type { PlannedPackage } from '../judge/judgement.ts';
import type { Run } from '../run/pipeline.ts';
import type { CheckDeps } from './deps.ts';

/**
 * Most names that are looked up for one package: more than a package can have been split from, and a limit for a
 * hostile one.
 */
const lookupsMax = 50;

/**
 * Returns those packages that are of the same repository or named in `replaces` of package.json: what they share with
 * this package moved and was not copied. A package that cannot be looked up now counts as a relative.
 */
export async function findRelatives(
  deps: Pick<CheckDeps, 'ledger' | 'registry' | 'gitServerUrl'>,
  run: Pick<Run, 'job' | 'signal'>,
  { manifest, commit: { siblings } }: Pick<PlannedPackage, 'manifest' | 'commit'>,
  names: Iterable<string>,
): Promise<ReadonlySet<string>> {
  const replaced = [manifest.fields['replaces']].flat();
  const relatives = new Set<string>();
  for (const name of [...new Set(names)].slice(0, lookupsMax)) {
    if (replaced.includes(name) || siblings.has(name) || (await isOfRepository(deps, run, name))) {
      relatives.add(name);
    }
  }
  return relatives;
}

/**
 * Answers as for ownership: by the recorded owner, else by where the name was seen, else by what the registry's
 * document names.
 */
async function isOfRepository(
  { ledger, registry, gitServerUrl }: Pick<CheckDeps, 'ledger' | 'registry' | 'gitServerUrl'>,
  { job, signal }: Pick<Run, 'job' | 'signal'>,
  name: string,
): Promise<boolean> {
  const owner = await ledger.findOwner(name);
  if (owner !== undefined) return owner.repositoryId === job.repositoryId;
  const holders = await ledger.listHolders(name);
  if (holders.some(({ repositoryId }) => repositoryId === job.repositoryId)) return true;
  try {
    const url = (await registry.findPackument(name, signal))?.repositoryUrl;
    const named = url === undefined ? undefined : readNamedRepository(url, gitServerUrl);
    return named?.kind === 'here' && sameSlug(named.slug, job.slug);
  } catch (error) {
    if (error instanceof Outage || error instanceof NameRefusal) return true;
    throw error;
  }
}
