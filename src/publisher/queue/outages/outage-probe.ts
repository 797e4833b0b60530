import { type Neighbour, Outage } from '../../../domain/failure/failure.ts';
import type { Slug } from '../../../domain/repository/repository.ts';
import type { RepositorySource } from '../../../ports/git.ts';
import type { Registry } from '../../../ports/registry.ts';
import type { Volume } from '../../../ports/system.ts';
import { wordDiskTrouble } from '../../pacing/disk-outage.ts';

export interface ProbeDeps {
  readonly registry: Pick<Registry, 'probe'>;
  readonly source: Pick<RepositorySource, 'probe'>;
  readonly volume: Volume;
}

const probeTimeoutMs = 15_000;

/**
 * Returns undefined when the neighbour works again, else what is wrong. `slug` is the repository that the git host is
 * asked for. Throws the reason of `stopping`.
 */
export async function probeNeighbour(
  { registry, source, volume }: ProbeDeps,
  neighbour: Neighbour,
  slug: Slug | undefined,
  stopping: AbortSignal,
): Promise<string | undefined> {
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(probeTimeoutMs)]);
  try {
    if (neighbour === 'registry') await registry.probe(signal);
    else if (slug !== undefined && neighbour === 'git-host') await source.probe(slug, signal);
    else await volume.check();
    return undefined;
  } catch (error) {
    stopping.throwIfAborted();
    if (error instanceof Outage) return error.detail;
    return wordDiskTrouble(error) ?? 'the probe did not finish';
  }
}
