import type { Catalog, PublishLedger } from '../../../ports/catalog.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { PublishedCopies, Registry } from '../../../ports/registry.ts';
import type { Repositories } from '../../../ports/repositories.ts';
import type { ShadowComparisons, ShadowTrial } from '../../../ports/shadow.ts';

/** Dependencies for comparing trials with the registry. */
export interface ShadowDeps {
  readonly clock: Clock;
  readonly repositories: Pick<Repositories, 'list'>;
  readonly catalog: Pick<Catalog, 'listRows'>;
  readonly registry: Pick<Registry, 'findPackument'>;
  readonly copies: PublishedCopies;
  readonly ledger: Pick<PublishLedger, 'listIntents'>;
  readonly trial: Pick<ShadowTrial, 'begin' | 'listRecorded'>;
  readonly comparisons: ShadowComparisons;
  /** Scopes that may be published, from PACKAGE_SCOPES. */
  readonly scopes: readonly string[];
  /** True when PUBLISH_MODE is `shadow`: every repository is in a trial. */
  readonly isShadow: boolean;
}
