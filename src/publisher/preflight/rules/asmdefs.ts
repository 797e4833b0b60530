import { visibleAssemblies } from '../contents/asmdef.ts';
import { extensionOf, isHidden } from '../contents/asset-paths.ts';
import { isMoved, softenMoved } from '../contents/moved.ts';
import type { PackedPackage } from '../contents/package.ts';
import type { Observation, PackageRule } from './rule.ts';

export const assemblies: PackageRule = {
  id: 'asmdef.present',
  severity: 'warn',
  finds:
    'scripts without an assembly definition, two of the same name, one without a name or with both platform lists',
  why: 'Scripts of a package are compiled only with an assembly definition, and its name must be its own',
  unityCheck: 'PVP-130-2 to PVP-133-2',
  check: (packed) => [...findUncovered(packed), ...findMistaken(packed)],
};

export const takenAssemblies: PackageRule = {
  id: 'asmdef.duplicate-in-registry',
  severity: 'warn',
  exception:
    'only listed where it moved here from a package of the same repository, or from one in `replaces`',
  finds: 'an assembly whose name one of another package of the registry has',
  why: 'A project with both packages does not compile: assembly names are unique in a project',
  check: (packed) =>
    [...visibleAssemblies(packed)].flatMap(([path, assembly]) => {
      const owner = packed.assemblyOwners.get(assembly.toLowerCase());
      if (owner === undefined) return [];
      const what = `${path} has the assembly name ${assembly}, as ${owner.name} ${owner.version} has (${owner.path})`;
      const advice = isMoved(packed, owner)
        ? 'keep it, and let no project have both versions'
        : 'give it a name of its own, such as that of the package';
      return [
        { ...softenMoved(packed, owner), file: path, subject: owner.name, message: `${what}; ${advice}` },
      ];
    }),
};

/** Finds scripts that no assembly definition above them covers, grouped by their topmost folder. */
function findUncovered({ entries }: PackedPackage): readonly Observation[] {
  const covered = new Set(
    entries
      .filter(({ path }) => ['.asmdef', '.asmref'].includes(extensionOf(path)))
      .map(({ path }) => folderOf(path)),
  );
  if (covered.has('')) return [];
  const loose = entries.filter(
    ({ path }) => extensionOf(path) === '.cs' && !isHidden(path) && !isCovered(path, covered),
  );
  const byFolder = Map.groupBy(loose, ({ path }) => path.split('/')[path.includes('/') ? 0 : 1] ?? '');
  return [...byFolder].map(([folder, scripts]) => {
    const example = scripts[0]?.path ?? '';
    const many = scripts.length > 1 ? ` and ${scripts.length - 1} more` : '';
    const where = folder === '' ? 'the package’s folder' : folder;
    return {
      ...(folder === '' ? {} : { file: folder }),
      message: `${example}${many} belong to no assembly definition and are not compiled; add one to ${where}`,
    };
  });
}

function isCovered(path: string, covered: ReadonlySet<string>): boolean {
  for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder)) {
    if (covered.has(folder)) return true;
  }
  return false;
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function findMistaken({ asmdefs }: PackedPackage): readonly Observation[] {
  const names = new Map<string, string>();
  const found: Observation[] = [];
  for (const [path, { name, hasIncludes, hasExcludes }] of asmdefs) {
    if (isHidden(path)) continue;
    const say = (what: string): void => void found.push({ file: path, message: `${path} ${what}` });
    if (hasIncludes && hasExcludes) say('sets includePlatforms and excludePlatforms; keep one of them');
    if (name === undefined) {
      say('has no name; write one, such as that of the package');
      continue;
    }
    const other = names.get(name.toLowerCase());
    if (other !== undefined) say(`has the assembly name of ${other}; give it a name of its own`);
    names.set(name.toLowerCase(), path);
  }
  return found;
}
