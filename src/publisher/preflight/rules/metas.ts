import { assetOf, foldersOf, isForPeople, isHidden, isMeta } from '../contents/asset-paths.ts';
import { findWorkingFile } from '../contents/working-files.ts';
import type { Observation, PackageRule, PackedPackage } from './rule.ts';

const bundleFolder = /\.(androidlib|bundle|framework|plugin)$/i;
/** Editors that still expect metas inside native bundles (Unity manual, "Hidden assets"). */
const strictEditors = /^(2019\.|2020\.[12]$|2021\.[12]$|2022\.1$)/;

export const missingMetas: PackageRule = {
  id: 'meta.missing',
  severity: 'block',
  exception: 'a warning for what people read, folders of nothing else, and the inside of native bundles',
  finds: 'a file or folder that Unity imports, without its `.meta`',
  why: 'Packages from a registry cannot be changed: Unity ignores such an asset for ever, a folder with all below it',
  unityCheck: 'PVP-26-4',
  check: (packed) => {
    const inBundle = buildBundleCheck(packed);
    // A file that does not belong into the package at all is reported by pack.forbidden.
    const files = packed.entries
      .map((entry) => entry.path)
      .filter((path) => !isMeta(path) && !isHidden(path) && findWorkingFile(path) === undefined);
    const needed = foldersOf(files.filter((path) => !isForPeople(path)));
    return [...files, ...foldersOf(files)]
      .filter((path) => !packed.paths.has(`${path}.meta`) && inBundle(path) !== 'exempt')
      .map((path): Observation => {
        const isFolder = packed.folders.has(path);
        const isHarmless = inBundle(path) !== 'none' || (isFolder ? !needed.has(path) : isForPeople(path));
        return {
          severity: isHarmless ? 'warn' : 'block',
          file: path,
          ...adviseMissing(packed, path, isFolder),
        };
      });
  },
};

/**
 * Advises how to get a missing .meta back. A published .meta must come back with its GUID: another GUID would break
 * every reference to the asset.
 */
function adviseMissing({ previous }: PackedPackage, path: string, isFolder: boolean) {
  const what = `${isFolder ? `folder ${path}` : path} has no ${path}.meta`;
  const guid = previous?.guids.get(path);
  if (previous === undefined || guid === undefined) {
    return { message: `${what}; open the project in Unity once and commit the .meta file it makes` };
  }
  const message = `${what}, which ${previous.version} had; commit that file again, with its GUID ${guid}`;
  return { subject: guid, message };
}

/**
 * Returns how editors treat a path inside a native bundle that has no .meta: newer editors take the content of a bundle
 * as a whole; older editors do so too, but complain.
 */
function buildBundleCheck({ manifest }: PackedPackage): (path: string) => 'none' | 'exempt' | 'complains' {
  const { unity } = manifest.fields;
  const verdict = typeof unity !== 'string' || strictEditors.test(unity) ? 'complains' : 'exempt';
  return (path) => {
    const folders = path.split('/').slice(0, -1);
    return folders.some((part) => bundleFolder.test(part)) ? verdict : 'none';
  };
}

export const orphanMetas: PackageRule = {
  id: 'meta.orphan',
  severity: 'warn',
  finds: 'a `.meta` whose file or folder is not there, or is hidden from Unity (`Samples~.meta`)',
  why: 'Unity wants to delete it, cannot, and says so in the console at each refresh',
  unityCheck: 'PVP-26-4',
  check: (packed) => {
    const files = packed.committed?.map((file) => file.path) ?? [];
    const committed = new Set([...files, ...foldersOf(files)]);
    const found: Observation[] = [];
    for (const path of packed.metas.keys()) {
      if (isHidden(path)) continue;
      const asset = assetOf(path);
      const isThere = packed.paths.has(asset) || packed.folders.has(asset);
      // A file or folder that was committed and is not packed is reported by the rules about packing.
      if (isThere ? !isHidden(asset) : committed.has(asset)) continue;
      const why = isThere ? `Unity does not import ${asset}` : `there is no ${asset}`;
      found.push({ file: path, message: `${path} belongs to nothing: ${why}; delete ${path}` });
    }
    return found;
  },
};

/**
 * Warns and does not block: every second package has such metas, Unity's own included, and nothing visible breaks.
 */
export const metaEncoding: PackageRule = {
  id: 'meta.bom',
  severity: 'warn',
  finds: 'a `.meta` that starts with a byte order mark',
  why: 'Other tools than Unity do not read it, and Unity itself writes it anew as soon as it may',
  check: ({ metas }) =>
    [...metas]
      .filter(([, meta]) => meta.problem === 'byte-order-mark')
      .map(([path]) => ({
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
  check: ({ metas, previous }) =>
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
          message: `${path} ${what}; ${adviseInvalid(previous, assetOf(path))}`,
        },
      ];
    }),
};

function adviseInvalid(previous: PackedPackage['previous'], asset: string): string {
  const guid = previous?.guids.get(asset);
  if (guid === undefined) return 'delete it, let Unity make it anew and commit that';
  return `put back the file of ${previous?.version}, with its GUID ${guid}`;
}

/** Lowers findings about hidden metas: samples become assets of a project, where Unity repairs them. */
function softenHidden(path: string): Pick<Observation, 'severity'> {
  return isHidden(path) ? { severity: 'warn' } : {};
}
