import { entryOf, type Lookup } from '../../domain/catalog.ts';
import { Outage } from '../../domain/failure.ts';
import type { Catalog } from '../../ports/catalog.ts';
import type { Registry } from '../../ports/registry.ts';

export interface LookUpDeps {
  readonly registry: Pick<Registry, 'findPackument'>;
  readonly catalog: Pick<Catalog, 'saveLookups'>;
}

const lookupsAtOnce = 16;
const savedAtOnce = 500;
/** So many failures on end are an outage: the rest is not asked, and unknown as well. */
const failuresOnEnd = 64;

/**
 * Asks the registry for each name and keeps what it says, in parts. A look-up that fails makes that name unknown and
 * nothing else. Throws the signal's reason only.
 */
export async function lookUpNames(
  deps: LookUpDeps,
  names: readonly string[],
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const pending = names.values();
  let found: Lookup[] = [];
  let done = 0;
  let failures = 0;
  let lastDetail = '';
  const ask = async (name: string): Promise<Lookup> => {
    if (failures >= failuresOnEnd) return { name, state: 'unknown', why: `${lastDetail} (not asked again)` };
    const lookup = await lookUp(deps, name, signal);
    failures = lookup.state === 'unknown' ? failures + 1 : 0;
    if (lookup.state === 'unknown') lastDetail = lookup.why;
    return lookup;
  };
  const work = async (): Promise<void> => {
    for (const name of pending) {
      found.push(await ask(name));
      onProgress(++done, names.length);
      if (found.length < savedAtOnce) continue;
      const part = found;
      found = [];
      await deps.catalog.saveLookups(part);
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: lookupsAtOnce }, work));
  // What was learned before somebody stopped it is worth keeping.
  if (found.length > 0) await deps.catalog.saveLookups(found);
  for (const worker of workers) if (worker.status === 'rejected') throw worker.reason;
}

async function lookUp(deps: LookUpDeps, name: string, signal: AbortSignal): Promise<Lookup> {
  try {
    const packument = await deps.registry.findPackument(name, signal);
    if (packument === undefined) return { name, state: 'absent' };
    return { name, state: 'present', entry: entryOf(packument) };
  } catch (error) {
    if (!(error instanceof Outage)) throw error;
    return { name, state: 'unknown', why: error.detail };
  }
}
