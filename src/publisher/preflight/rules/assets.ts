import { extensionOf, isHidden } from '../contents/asset-paths.ts';
import type { FileRule, PackageRule } from './rule.ts';

/**
 * Extensions that Unity writes as text when asked to. `.asset` is not among them: lighting data, navigation meshes,
 * terrains, and types with PreferBinarySerialization stay binary whatever is set (Unity’s scripting reference,
 * PreferBinarySerialization).
 */
const yamlAssets = new Set(
  '.unity .prefab .mat .anim .controller .overridecontroller .physicmaterial .playable .mask .preset .spriteatlas .terrainlayer'.split(
    ' ',
  ),
);
const yamlHead = Buffer.from('%YAML ');
const bom = Buffer.from([0xef, 0xbb, 0xbf]);

export const binaryAssets: FileRule = {
  id: 'asset.binary-serialized',
  severity: 'info',
  finds: 'a scene, prefab, material or the like that is saved in binary form',
  why: 'It cannot be merged, and only opens in editors like the one that wrote it',
  unityCheck: 'PVP-37-1',
  wants: ({ path, bytes }) => bytes > 0 && yamlAssets.has(extensionOf(path)),
  checkFile: ({ path, content }) => {
    const start = content.subarray(0, bom.length).equals(bom) ? bom.length : 0;
    if (content.subarray(start, start + yamlHead.length).equals(yamlHead)) return [];
    return [
      { file: path, message: `${path} is saved in binary form; set Asset Serialization to Force Text` },
    ];
  },
};

export const resourceFolders: PackageRule = {
  id: 'asset.resources',
  severity: 'info',
  finds: 'assets in a `Resources` folder, unless it has a folder of the package’s name',
  why: 'They are included in every build, and their names are shared by all packages',
  unityCheck: 'PVP-38-2',
  check: ({ entries, manifest }) => {
    const folders = new Set<string>();
    for (const { path } of entries) {
      const [, folder, rest] = /^((?:[^/]+\/)*?Resources)\/(.+)$/.exec(path) ?? [];
      if (folder === undefined || rest === undefined || isHidden(path) || /(^|\/)Editor\//.test(path))
        continue;
      if (!rest.startsWith(`${manifest.name}/`) && rest !== `${manifest.name}.meta`) folders.add(folder);
    }
    return [...folders].map((folder) => ({
      file: folder,
      message: `${folder} is part of every build; move its content to ${folder}/${manifest.name}, or out of Resources`,
    }));
  },
};
