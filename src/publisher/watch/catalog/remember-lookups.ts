import { entryOf, type Lookup } from '../../../domain/package/catalog.ts';
import type { Registry } from '../../../ports/registry.ts';

export interface LookupMemory {
  /** The same registry; its answers are remembered. */
  readonly registry: Registry;
  /**
   * Returns what was learned since the last call, and the names to look up again because their dist-tags were changed
   * afterwards.
   */
  take(): { readonly lookups: readonly Lookup[]; readonly outdated: readonly string[] };
}

/** Most answers that are remembered: more than any job judges, and a limit in case `take` is never called. */
const mostRemembered = 20_000;

/**
 * Wraps a registry so that the cache learns, without asking again, from the names that a publish looks up and reads
 * back.
 */
export function rememberLookups(registry: Registry): LookupMemory {
  let lookups = new Map<string, Lookup>();
  let outdated = new Set<string>();
  return {
    registry: {
      ...registry,
      findPackument: async (name, signal) => {
        const packument = await registry.findPackument(name, signal);
        if (lookups.size >= mostRemembered) lookups.clear();
        lookups.set(
          name,
          packument === undefined
            ? { name, state: 'absent' }
            : { name, state: 'present', entry: entryOf(packument) },
        );
        return packument;
      },
      setDistTag: async (name, tag, version, signal) => {
        outdated.add(name);
        await registry.setDistTag(name, tag, version, signal);
      },
    },
    take: () => {
      const taken = { lookups: [...lookups.values()], outdated: [...outdated] };
      lookups = new Map();
      outdated = new Set();
      return taken;
    },
  };
}
