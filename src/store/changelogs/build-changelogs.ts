import type { StoreContext } from '../engine/context.ts';
import { buildChangelogEntries } from './changelogs.ts';
import { buildWriteBacks } from './write-backs.ts';

/** Builds the parts of the store for changelogs, under their names in `Store`. */
export function buildChangelogsParts(context: StoreContext) {
  return {
    changelogs: buildChangelogEntries(context),
    writeBacks: buildWriteBacks(context),
  };
}
