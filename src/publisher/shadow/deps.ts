import type { Catalog } from '../../ports/catalog.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PublishLedger } from '../../ports/publish-ledger.ts';
import type { PublishedCopies } from '../../ports/published-copies.ts';
import type { Registry } from '../../ports/registry.ts';
import type { Repositories } from '../../ports/repositories.ts';
import type { ShadowComparisons } from '../../ports/shadow-comparisons.ts';
import type { ShadowTrial } from '../../ports/shadow-trial.ts';

/** Everything that comparing a trial talks to. */
export interface ShadowDeps {
  readonly clock: Clock;
  readonly repositories: Pick<Repositories, 'list'>;
  readonly catalog: Pick<Catalog, 'listRows'>;
  readonly registry: Pick<Registry, 'findPackument'>;
  readonly copies: PublishedCopies;
  readonly ledger: Pick<PublishLedger, 'listIntents'>;
  readonly trial: Pick<ShadowTrial, 'begin' | 'listRecorded'>;
  readonly comparisons: ShadowComparisons;
  /** PACKAGE_SCOPES. */
  readonly scopes: readonly string[];
  /** PUBLISH_MODE is `shadow`: every repository is in a trial. */
  readonly isShadow: boolean;
}
