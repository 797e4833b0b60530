import type { StoreContext } from '../engine/context.ts';
import { buildProposals } from './proposals.ts';
import { buildRegister } from './register.ts';
import { buildRegistrations } from './registrations.ts';
import { buildRepositories } from './repositories.ts';
import { buildRepositoryLinks } from './repository-links.ts';

/** Builds the parts of the store for repositories, under their names in `Store`. */
export function buildRepositoriesParts(context: StoreContext) {
  return {
    repositories: buildRepositories(context),
    register: buildRegister(context),
    registrations: buildRegistrations(context),
    links: buildRepositoryLinks(context),
    proposals: buildProposals(context),
  };
}
