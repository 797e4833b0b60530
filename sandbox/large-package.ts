import { type TreeFile, type TreeFiles, unityPackage } from './unity-repository.ts';

const perFolder = 50;

/** Makes a package of about this many files, half of them metas: scripts, prefabs and textures in folders of fifty. */
export function largePackage(name: string, version: string, files: number): TreeFiles {
  const extra: Record<string, TreeFile> = {};
  const base = unityPackage(name, version);
  const assets = Math.max(0, Math.floor((files - Object.keys(base).length) / 2));
  for (let at = 0; at < assets; at++) {
    const folder = `Runtime/Part${Math.floor(at / perFolder)}`;
    const [path, content] = assetOf(folder, at);
    extra[path] = content;
    extra[`${path}.meta`] = metaOf(at);
    if (at % perFolder === 0) extra[`${folder}.meta`] = metaOf(files + at);
  }
  return { ...base, ...extra };
}

function assetOf(folder: string, at: number): readonly [string, string] {
  switch (at % 3) {
    case 0:
      return [
        `${folder}/Class${at}.cs`,
        `namespace Large\n{\n    public class Class${at}\n    {\n${'        // line\n'.repeat(60)}    }\n}\n`,
      ];
    case 1:
      return [
        `${folder}/Thing${at}.prefab`,
        `%YAML 1.1\n%TAG !u! tag:unity3d.com,2011:\n${`--- !u!1 &${at}\nGameObject:\n  m_Name: Thing\n`.repeat(20)}`,
      ];
    default:
      return [`${folder}/Picture${at}.png`, 'x'.repeat(2_000)];
  }
}

/** Makes a meta with a GUID as random as Unity's, without runs or repetitions. */
function metaOf(seed: number): string {
  const guid = ((BigInt(seed + 1) * 0x9e3779b97f4a7c15f39cc0605cedc835n) % (1n << 128n))
    .toString(16)
    .padStart(32, '0');
  return `fileFormatVersion: 2\nguid: ${guid}\nMonoImporter:\n  externalObjects: {}\n  serializedVersion: 2\n  defaultReferences: []\n  executionOrder: 0\n  icon: {instanceID: 0}\n  userData: \n  assetBundleName: \n  assetBundleVariant: \n`;
}
