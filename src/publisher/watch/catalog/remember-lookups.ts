import { entryOf, type Lookup } from '../../../domain/package/catalog.ts';
import type { Registry } from '../../../ports/registry.ts';

export interface LookupMemory {
  /** The same registry; what it answers is remembered. */
  readonly registry: Registry;
  /** What was learned since the last time; names whose dist-tags were changed after it are to be looked up again. */
  take(): { readonly lookups: readonly Lookup[]; readonly outdated: readonly string[] };
}

/** More than any job judges; whoever never takes does not fill the memory. */
const mostRemembered = 20_000;

/** A publish looks its names up and reads them back: the cache learns from that without asking again. */
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
