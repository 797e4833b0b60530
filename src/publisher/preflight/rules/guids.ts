import { assetOf, extensionOf, isHidden } from '../contents/asset-paths.ts';
import { isMoved, softenMoved } from '../contents/moved.ts';
import type { Owner, PackedPackage, PreviousVersion } from '../contents/package.ts';
import { mayChangeGuid } from '../contents/published-guids.ts';
import { findBumpKind } from '../contents/version-bump.ts';
import type { Observation, PackageRule } from './rule.ts';

export const duplicateGuids: PackageRule = {
  id: 'guid.duplicate-in-package',
  severity: 'block',
  exception: 'a warning when one of them is hidden from Unity',
  finds: 'two assets of the package with the same GUID',
  why: 'Unity keeps one of them and drops the other',
  unityCheck: 'PVP-27-1',
  check: (packed) => {
    const { metas, previous } = packed;
    const first = new Map<string, string>();
    const found: Observation[] = [];
    const mayChange = mayChangeGuid(packed);
    const wasHere = (path: string): boolean =>
      previous !== undefined && previous.guids.get(assetOf(path)) === metas.get(path)?.guid;
    // Visible assets come first, since a hidden copy is a copy of one of them; then assets that were published with
    // the GUID.
    const inOrder = [...metas.keys()].toSorted(
      (a, b) => Number(isHidden(a)) - Number(isHidden(b)) || Number(wasHere(b)) - Number(wasHere(a)),
    );
    for (const path of inOrder) {
      const guid = metas.get(path)?.guid;
      if (guid === undefined) continue;
      const other = first.get(guid);
      if (other === undefined) {
        first.set(guid, path);
        continue;
      }
      const isCopy = mayChange(guid) || (wasHere(other) && !wasHere(path));
      const advice = isCopy
        ? `delete ${path}, let Unity make it anew and commit that`
        : 'remove one of the two assets, and leave the GUID of the other as it was published';
      const message = `${path} has the GUID of ${other} (${guid}); ${advice}`;
      found.push({ ...(isHidden(path) ? { severity: 'warn' } : {}), file: path, subject: guid, message });
    }
    return found;
  },
};

export const takenGuids: PackageRule = {
  id: 'guid.duplicate-in-registry',
  severity: 'warn',
  exception:
    'only listed where they moved here from a package of the same repository, or from one in `replaces`',
  finds: 'assets whose GUID another package of the registry has',
  why: 'In a project with both packages Unity drops the second asset, and its code does not compile',
  check: (packed) => {
    const visible = [...packed.metas].filter(([path]) => !isHidden(path));
    const taken = visible.flatMap(([path, { guid = '' }]) => {
      const owner = packed.guidOwners.get(guid);
      return owner === undefined ? [] : [{ path: assetOf(path), guid, owner }];
    });
    return [...Map.groupBy(taken, ({ owner }) => owner.name).values()].flatMap(([first, ...others]) => {
      if (first === undefined) return [];
      const { owner, path } = first;
      const more = others.length > 0 ? ` and ${others.length} more` : '';
      const what = `${path}${more} ${others.length > 0 ? 'have GUIDs' : 'has the GUID'} of ${owner.name} ${owner.version} (${owner.path})`;
      const guids = [first, ...others].map(({ guid }) => guid);
      const message = `${what}${wordShared(packed, owner, guids)}`;
      return [{ ...softenMoved(packed, owner), file: path, subject: owner.name, message }];
    });
  },
};

/**
 * Words what to do about shared GUIDs. Never advises to change a published GUID: every reference in every project
 * would break.
 */
function wordShared(packed: PackedPackage, owner: Owner, guids: readonly string[]): string {
  if (isMoved(packed, owner)) {
    return ', which this package follows; keep each .meta as it is, and let no project have both versions';
  }
  if (packed.relatives.has(owner.name)) {
    return ', which is of the same repository and still has them; leave each asset, with its .meta, in one of the two packages';
  }
  return guids.every(mayChangeGuid(packed))
    ? '; depend on that package instead, or give the copies GUIDs of their own, in Unity and with all that refers to them, before the first version'
    : '; keep each .meta, since projects refer to it: let one of the two packages depend on the other';
}

/** Extensions of assets that other assets refer to by GUID. */
const referenced: readonly string[] = ['.cs', '.asmdef', '.prefab', '.asset'];

export const changedGuids: PackageRule = {
  id: 'guid.churn',
  severity: 'warn',
  exception: 'blocks for .cs, .asmdef, .prefab and .asset at the same path on a patch version',
  finds: 'an asset that has another GUID than in the version before, also where it moved',
  why: 'Scenes, prefabs and assembly definitions of every project refer to the old one',
  check: (packed) => {
    const { previous } = packed;
    if (previous === undefined) return [];
    const isPatch = findBumpKind(previous.version, packed.manifest.version) === 'patch';
    const blocking = isPatch ? referenced : [];
    const now = new Set([...packed.metas.values()].map((meta) => meta.guid));
    const findEarlier = buildEarlierPath(packed, previous);
    return [...packed.metas].flatMap(([path, { guid }]): readonly Observation[] => {
      const asset = assetOf(path);
      if (guid === undefined || isHidden(path)) return [];
      const earlier = findEarlier(asset);
      const before = previous.guids.get(earlier ?? '');
      // Two assets that swapped places kept their GUIDs.
      if (before === undefined || before === guid || now.has(before)) return [];
      // A move is guessed from the file name, and a guess blocks nothing.
      const isKept = earlier === asset;
      const severity = isKept && blocking.includes(extensionOf(asset)) ? 'block' : 'warn';
      const where = isKept ? asset : `${asset} was ${earlier} and`;
      const message = `${where} had the GUID ${before} in ${previous.version} and now has ${guid}; put the old one back into ${path}`;
      return [{ severity, file: path, subject: guid, message }];
    });
  },
};

/**
 * Returns a function that finds where an asset was in the previous version: at its own path, or, when that path is
 * new, at the path of the only missing asset with the same file name. Undefined when several assets share the name.
 */
function buildEarlierPath(
  { metas }: Pick<PackedPackage, 'metas'>,
  { guids }: PreviousVersion,
): (asset: string) => string | undefined {
  const assets = [...metas.keys()].map(assetOf);
  const still = new Set(assets);
  const gone = Map.groupBy(
    [...guids.keys()].filter((path) => !still.has(path)),
    fileNameOf,
  );
  const come = Map.groupBy(
    assets.filter((path) => !guids.has(path)),
    fileNameOf,
  );
  return (asset) => {
    if (guids.has(asset)) return asset;
    const name = fileNameOf(asset);
    const [from, ...others] = gone.get(name) ?? [];
    return others.length === 0 && come.get(name)?.length === 1 ? from : undefined;
  };
}

function fileNameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export const inventedGuids: PackageRule = {
  id: 'guid.invented',
  severity: 'warn',
  finds: 'a GUID that was typed, not drawn: runs, repetitions, letters and digits in turn',
  why: 'Others invent the same, and then two packages share it',
  check: (packed) => {
    const mayChange = mayChangeGuid(packed);
    return [...packed.metas].flatMap(([path, { guid = '' }]): readonly Observation[] => {
      // A published GUID stays, however it came about.
      if (!isInvented(guid) || isHidden(path) || !mayChange(guid)) return [];
      const message = `${path} has a GUID that looks invented (${guid}); delete the file and let Unity make it anew`;
      return [{ file: path, subject: guid, message }];
    });
  },
};

const runs = ['0123456789abcdef', 'fedcba9876543210'].map((run) => run + run);
/** A random GUID matches any of these patterns by chance once in some hundred million. */
const runLength = 9;
const turnsPattern = /(?:[a-f]\d){12}|(?:\d[a-f]){12}/;

function isInvented(guid: string): boolean {
  if (guid === '') return false;
  return turnsPattern.test(guid) || isRepetition(guid) || hasRun(guid);
}

function isRepetition(guid: string): boolean {
  return [1, 2, 4, 8].some((period) => guid.slice(0, period).repeat(32 / period) === guid);
}

function hasRun(guid: string): boolean {
  for (let at = 0; at + runLength <= guid.length; at++) {
    const part = guid.slice(at, at + runLength);
    if (runs.some((run) => run.includes(part))) return true;
  }
  return false;
}
