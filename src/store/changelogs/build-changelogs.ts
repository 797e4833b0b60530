import type { StoreContext } from '../engine/context.ts';
import { buildChangelogEntries } from './changelogs.ts';
import { buildWriteBacks } from './write-backs.ts';

/** The parts of the store that belong to this folder, under the names that the store gives them. */
export function buildChangelogsParts(context: StoreContext) {
  return {
    changelogs: buildChangelogEntries(context),
    writeBacks: buildWriteBacks(context),
  };
}
