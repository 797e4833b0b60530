import { isObject } from '../../../domain/text/json-object.ts';
import type { GuidIndex } from '../../../ports/preflight.ts';
import { isHidden } from './asset-paths.ts';
import type { PackedContents } from './package.ts';
import { guidOf } from './unity-assemblies.ts';

/** Lists what the package's assembly definitions refer to, as written, without what the package has itself. */
export function listReferences({
  asmdefs,
  metas,
}: Pick<PackedContents, 'asmdefs' | 'metas'>): readonly string[] {
  const own = new Set([...asmdefs.values()].map(({ name = '' }) => name.toLowerCase()));
  for (const { guid } of metas.values()) if (guid !== undefined) own.add(guid);
  const all = [...asmdefs].flatMap(([path, { references }]) => (isHidden(path) ? [] : references));
  return [...new Set(all)].filter((reference) => !own.has(guidOf(reference) ?? reference.toLowerCase()));
}

/** Returns which other package of the registry has what each reference names. */
export async function findReferenced(
  index: Pick<GuidIndex, 'findOwners' | 'findAssemblyOwners'>,
  references: readonly string[],
  exceptName: string,
): Promise<ReadonlyMap<string, string>> {
  const names = references.filter((reference) => guidOf(reference) === undefined);
  const guids = references.flatMap((reference) => guidOf(reference) ?? []);
  const byGuid = await index.findOwners(guids, exceptName);
  const byName = await index.findAssemblyOwners(names, exceptName);
  return new Map(
    references.flatMap((reference) => {
      const owner = byGuid.get(guidOf(reference) ?? '') ?? byName.get(reference.toLowerCase());
      return owner === undefined ? [] : [[reference, owner.name] as const];
    }),
  );
}

/** Most packages that are followed: more than a package can rest on. Beyond it nothing is reported. */
const packagesMax = 200;

/**
 * Lists every package that comes with these dependencies, and with theirs: Unity lets an assembly refer to whatever
 * is installed. Undefined when the index does not know all of them.
 */
export async function listInstalled(
  index: Pick<GuidIndex, 'find'>,
  dependencies: Readonly<Record<string, string>>,
): Promise<ReadonlySet<string> | undefined> {
  const installed = new Set<string>();
  const open = Object.entries(dependencies);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [name, version] = next;
    if (installed.has(name)) continue;
    installed.add(name);
    if (installed.size > packagesMax) return undefined;
    if (name.startsWith('com.unity.')) continue;
    const known = await index.find(name, version);
    if (known === undefined) return undefined;
    const needed = known.fields['dependencies'];
    if (isObject(needed)) for (const [other, at] of Object.entries(needed)) open.push([other, String(at)]);
  }
  return installed;
}
