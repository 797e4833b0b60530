import { assetOf, isHidden, isMeta, isRootText } from '../packed/asset-paths.ts';
import type { Observation, PackageRule, PackedPackage } from './rule.ts';

const bundleFolder = /\.(androidlib|bundle|framework|plugin)$/i;
/** Editors that still want metas inside native bundles (Unity manual, "Hidden assets"). */
const strictEditors = /^(2019\.|2020\.[12]$|2021\.[12]$|2022\.1$)/;

export const missingMetas: PackageRule = {
  id: 'meta.missing',
  severity: 'block',
  exception: 'a warning for licence, readme, changelog and package.json',
  finds: 'a file or folder that Unity imports, without its `.meta`',
  why: 'Packages from a registry cannot be changed: Unity ignores such an asset for ever, a folder with all below it',
  unityCheck: 'PVP-26-4',
  check: (packed) => {
    const isExempt = buildBundleExemption(packed);
    const files = packed.entries.map((entry) => entry.path).filter((path) => !isMeta(path));
    return [...files, ...packed.folders]
      .filter((path) => !packed.paths.has(`${path}.meta`) && !isHidden(path) && !isExempt(path))
      .map((path): Observation => {
        const isFolder = packed.folders.has(path);
        return {
          severity: !isFolder && isRootText(path) ? 'warn' : 'block',
          file: path,
          message: `${isFolder ? `folder ${path}` : path} has no ${path}.meta; open the project in Unity once and commit the .meta file it makes`,
        };
      });
  },
};

/** Newer editors take the content of native bundles as a whole. */
function buildBundleExemption({ manifest }: PackedPackage): (path: string) => boolean {
  const { unity } = manifest.fields;
  if (typeof unity !== 'string' || strictEditors.test(unity)) return () => false;
  return (path) =>
    path
      .split('/')
      .slice(0, -1)
      .some((part) => bundleFolder.test(part));
}

export const orphanMetas: PackageRule = {
  id: 'meta.orphan',
  severity: 'warn',
  finds: 'a `.meta` whose file or folder is not there, or is hidden from Unity (`Samples~.meta`)',
  why: 'Unity wants to delete it, cannot, and says so in the console at each refresh',
  unityCheck: 'PVP-26-4',
  check: (packed) => {
    const committed = new Set(packed.committed?.map((file) => file.path));
    const found: Observation[] = [];
    for (const path of packed.metas.keys()) {
      if (isHidden(path)) continue;
      const asset = assetOf(path);
      const isThere = packed.paths.has(asset) || packed.folders.has(asset);
      // What was committed and is not packed is told by the rules of packing.
      if (isThere ? !isHidden(asset) : committed.has(asset)) continue;
      const why = isThere ? `Unity does not import ${asset}` : `there is no ${asset}`;
      found.push({ file: path, message: `${path} belongs to nothing: ${why}; delete ${path}` });
    }
    return found;
  },
};

export const metaEncoding: PackageRule = {
  id: 'meta.bom',
  severity: 'block',
  exception: 'a warning where Unity does not import it',
  finds: 'a `.meta` that starts with a byte order mark',
  why: 'Unity does not read it and makes up another GUID after each start',
  check: ({ metas }) =>
    [...metas]
      .filter(([, meta]) => meta.problem === 'byte-order-mark')
      .map(([path]) => ({
        ...softenHidden(path),
        file: path,
        message: `${path} starts with a byte order mark; save it as UTF-8 without one`,
      })),
};

export const metaGuids: PackageRule = {
  id: 'meta.guid-valid',
  severity: 'block',
  exception: 'a warning where Unity does not import it',
  finds:
    'a `.meta` that does not begin with `fileFormatVersion`, or has no GUID of 32 lower-case hexadecimal digits',
  why: 'Unity makes up another GUID after each start, and whatever refers to the asset loses it',
  check: ({ metas }) =>
    [...metas].flatMap(([path, { problem }]): readonly Observation[] => {
      if (problem !== 'not-a-meta' && problem !== 'no-guid') return [];
      const what =
        problem === 'no-guid'
          ? 'has no valid guid'
          : 'is not a meta file: it does not begin with fileFormatVersion';
      return [
        {
          ...softenHidden(path),
          file: path,
          ...(problem === 'no-guid' ? { line: 2 } : {}),
          message: `${path} ${what}; delete it, let Unity make it anew and commit that`,
        },
      ];
    }),
};

/** Samples become assets of a project, where Unity repairs them. */
function softenHidden(path: string): Pick<Observation, 'severity'> {
  return isHidden(path) ? { severity: 'warn' } : {};
}
