/**
 * Assemblies of Unity's packages that no project has by itself, from their asmdef files and metas. Not listed: what
 * begins with UnityEngine or UnityEditor, and TextMeshPro, which are part of the editor or of every template.
 */
const known: readonly (readonly [assembly: string, name: string, guid?: string])[] = [
  ['Unity.InputSystem', 'com.unity.inputsystem', '75469ad4d38634e559750d17036d5f7c'],
  ['Unity.Addressables', 'com.unity.addressables', '9e24947de15b9834991c9d8411ea37cf'],
  ['Unity.Addressables.Editor', 'com.unity.addressables'],
  ['Unity.ResourceManager', 'com.unity.addressables'],
  ['Unity.Burst', 'com.unity.burst'],
  ['Unity.Collections', 'com.unity.collections'],
  ['Unity.Entities', 'com.unity.entities'],
  ['Unity.Mathematics', 'com.unity.mathematics'],
  ['Unity.Localization', 'com.unity.localization'],
  ['Unity.Cinemachine', 'com.unity.cinemachine'],
  ['Cinemachine', 'com.unity.cinemachine'],
  ['Unity.Timeline', 'com.unity.timeline'],
  ['Unity.VisualScripting.Core', 'com.unity.visualscripting'],
  ['Unity.RenderPipelines.Core.Runtime', 'com.unity.render-pipelines.core'],
  ['Unity.RenderPipelines.Universal.Runtime', 'com.unity.render-pipelines.universal'],
  ['Unity.RenderPipelines.HighDefinition.Runtime', 'com.unity.render-pipelines.high-definition'],
  ['Unity.Netcode.Runtime', 'com.unity.netcode.gameobjects'],
  ['Unity.Notifications.Android', 'com.unity.mobile.notifications'],
  ['Unity.Notifications.iOS', 'com.unity.mobile.notifications'],
];

const byName = new Map(known.map(([assembly, name]) => [assembly.toLowerCase(), name]));
const byGuid = new Map(
  known.flatMap(([, name, guid]) => (guid === undefined ? [] : [[guid, name] as const])),
);

/**
 * Returns the package of Unity that has an assembly, by the reference in an assembly definition; undefined for other
 * assemblies.
 */
export function findUnityPackage(reference: string): string | undefined {
  const guid = guidOf(reference);
  return guid === undefined ? byName.get(reference.toLowerCase()) : byGuid.get(guid);
}

export function guidOf(reference: string): string | undefined {
  return /^GUID: ?([0-9a-f]{32})$/i.exec(reference)?.[1]?.toLowerCase();
}

/**
 * Packages of Unity that bring no other package with assemblies; what the other packages of Unity bring is not known
 * here.
 */
const leaves: readonly string[] = [
  'com.unity.ugui',
  'com.unity.textmeshpro',
  'com.unity.test-framework',
  'com.unity.inputsystem',
  'com.unity.timeline',
  'com.unity.mathematics',
  'com.unity.nuget.newtonsoft-json',
];

export function mayBringOthers(name: string): boolean {
  return !leaves.includes(name) && !name.startsWith('com.unity.modules.');
}
