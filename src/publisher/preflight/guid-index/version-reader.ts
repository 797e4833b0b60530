import type { IndexedVersion } from '../../../ports/preflight.ts';
import { type ReadVersion, type ReadVersionDeps, readVersion } from './index-version.ts';

/** Reads versions from the registry for a run, and hands over what was read so that it can be saved. */
export interface VersionReader {
  /** Reads each version once. Undefined when it cannot be read. Throws Outage('registry') and NameRefusal. */
  read(name: string, version: string, signal: AbortSignal): Promise<IndexedVersion | undefined>;
  /** Returns the versions that were read since the last call. */
  takeRead(): readonly ReadVersion[];
}

export function buildVersionReader(deps: ReadVersionDeps): VersionReader {
  const known = new Map<string, ReadVersion>();
  let untaken: ReadVersion[] = [];
  return {
    read: async (name, version, signal) => {
      const key = `${name}@${version}`;
      let read = known.get(key);
      if (read === undefined) {
        read = await readVersion(deps, { name, version }, signal);
        known.set(key, read);
        untaken.push(read);
      }
      return read.kind === 'read' ? read.indexed : undefined;
    },
    takeRead: () => {
      const taken = untaken;
      untaken = [];
      return taken;
    },
  };
}
