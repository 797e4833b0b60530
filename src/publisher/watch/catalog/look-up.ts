import { Outage } from '../../../domain/failure/failure.ts';
import { NameRefusal } from '../../../domain/failure/name-trouble.ts';
import { entryOf, type Lookup } from '../../../domain/package/catalog.ts';
import type { Catalog } from '../../../ports/catalog.ts';
import type { Registry } from '../../../ports/registry.ts';

export interface LookUpDeps {
  readonly registry: Pick<Registry, 'findChange'>;
  readonly catalog: Pick<Catalog, 'listSettled' | 'saveLookups' | 'confirmLookups'>;
}

const lookupsAtOnce = 16;
const partOfNames = 500;
/** This many failures in a row are an outage: the other names are not asked for, and are unknown as well. */
const failuresOnEnd = 64;

/**
 * Asks the registry for each name and saves the answers, in parts. A document that has not changed is not read again.
 * A look-up that fails makes that name unknown and nothing else. Throws the signal's reason only.
 */
export async function lookUpNames(
  deps: LookUpDeps,
  names: readonly string[],
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const ask = buildAsk(deps, signal);
  let done = 0;
  for (let from = 0; from < names.length; from += partOfNames) {
    await lookUpPart(deps, names.slice(from, from + partOfNames), ask, () =>
      onProgress(++done, names.length),
    );
  }
}

type Ask = (name: string, etag: string | undefined) => Promise<Lookup | 'unchanged'>;

async function lookUpPart(
  { catalog }: LookUpDeps,
  names: readonly string[],
  ask: Ask,
  onDone: () => void,
): Promise<void> {
  const settled = await catalog.listSettled(names);
  const pending = names.values();
  const found: Lookup[] = [];
  const unchanged: string[] = [];
  const work = async (): Promise<void> => {
    for (const name of pending) {
      const answer = await ask(name, settled.get(name));
      if (answer === 'unchanged') unchanged.push(name);
      else found.push(answer);
      onDone();
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: lookupsAtOnce }, work));
  // What was learned before the look-up was stopped is worth keeping.
  if (unchanged.length > 0) await catalog.confirmLookups(unchanged);
  if (found.length > 0) await catalog.saveLookups(found);
  for (const worker of workers) if (worker.status === 'rejected') throw worker.reason;
}

function buildAsk({ registry }: LookUpDeps, signal: AbortSignal): Ask {
  let failures = 0;
  let lastDetail = '';
  return async (name, etag) => {
    if (failures >= failuresOnEnd) return { name, state: 'unknown', why: `${lastDetail} (not asked again)` };
    try {
      const packument = await registry.findChange(name, etag, signal);
      failures = 0;
      if (packument === 'unchanged') return packument;
      if (packument === undefined) return { name, state: 'absent' };
      return { name, state: 'present', entry: entryOf(packument) };
    } catch (error) {
      if (error instanceof NameRefusal) {
        // Only this name is refused: the registry answers for others.
        failures = 0;
        return { name, state: 'unknown', why: error.detail };
      }
      if (!(error instanceof Outage)) throw error;
      failures += 1;
      lastDetail = error.detail;
      return { name, state: 'unknown', why: error.detail };
    }
  };
}
