import { createHash } from 'node:crypto';
import { extensionOf } from './asset-paths.ts';

/**
 * Extensions of assets whose .meta holds settings that only a person can choose: for which platforms, for which
 * editor.
 */
const chosenByPeople: readonly string[] = ['.dll', '.so', '.a', '.dylib', '.bundle', '.framework', '.aar'];

/** Importers that Unity writes into the .meta, by extension; a file with any other extension is imported as it is. */
const importers: readonly (readonly [string, readonly string[]])[] = [
  ['MonoImporter', ['.cs']],
  ['AssemblyDefinitionImporter', ['.asmdef']],
  ['AssemblyDefinitionReferenceImporter', ['.asmref']],
  [
    'TextScriptImporter',
    ['.md', '.txt', '.json', '.xml', '.yml', '.yaml', '.csv', '.html', '.htm', '.bytes'],
  ],
  ['ShaderImporter', ['.shader']],
  ['ShaderIncludeImporter', ['.cginc', '.hlsl', '.glslinc']],
  ['ComputeShaderImporter', ['.compute']],
  ['PrefabImporter', ['.prefab']],
  [
    'NativeFormatImporter',
    ['.asset', '.mat', '.anim', '.controller', '.physicmaterial', '.mixer', '.playable'],
  ],
  [
    'TextureImporter',
    ['.png', '.jpg', '.jpeg', '.tga', '.psd', '.tif', '.tiff', '.bmp', '.gif', '.exr', '.hdr'],
  ],
  ['AudioImporter', ['.wav', '.mp3', '.ogg', '.aif', '.aiff']],
  ['ModelImporter', ['.fbx', '.obj', '.dae', '.blend']],
  ['TrueTypeFontImporter', ['.ttf', '.otf']],
];

const scriptSettings = [
  '  serializedVersion: 2',
  '  defaultReferences: []',
  '  executionOrder: 0',
  '  icon: {instanceID: 0}',
] as const;

/** Whether a .meta can be made; false where it holds a choice that only the author can make. */
export function canMakeMeta(path: string, isFolder: boolean): boolean {
  return !chosenByPeople.includes(extensionOf(path)) && (isFolder || !path.endsWith('.meta'));
}

/**
 * Writes a .meta as Unity would. Without a published GUID, the same package and path always get the same GUID, and no
 * two packages share one.
 */
export function makeMeta(name: string, path: string, isFolder: boolean, published?: string): string {
  const guid = published ?? createHash('sha256').update(`${name}/${path}`).digest('hex').slice(0, 32);
  const importer = findImporter(path, isFolder);
  return [
    'fileFormatVersion: 2',
    `guid: ${guid}`,
    ...(isFolder ? ['folderAsset: yes'] : []),
    `${importer}:`,
    '  externalObjects: {}',
    ...(importer === 'MonoImporter' ? scriptSettings : []),
    '  userData: ',
    '  assetBundleName: ',
    '  assetBundleVariant: ',
    '',
  ].join('\n');
}

function findImporter(path: string, isFolder: boolean): string {
  if (isFolder) return 'DefaultImporter';
  if (path === 'package.json') return 'PackageManifestImporter';
  const extension = extensionOf(path);
  return importers.find(([, extensions]) => extensions.includes(extension))?.[0] ?? 'DefaultImporter';
}
