import { isHidden } from '../contents/asset-paths.ts';
import type { PackedPackage } from '../contents/package.ts';
import { findUnityPackage, mayBringOthers } from '../contents/unity-assemblies.ts';
import type { Observation, PackageRule } from './rule.ts';

export const undeclaredReferences: PackageRule = {
  id: 'asmdef.undeclared-dependency',
  severity: 'warn',
  finds:
    'an assembly definition that refers to an assembly of a package which is no dependency, without a version define or a constraint',
  why: 'It compiles where that package happens to be installed, and nowhere else',
  check: (packed) => {
    return [...packed.asmdefs].flatMap(
      ([path, { references, isConditional, versionDefines }]): readonly Observation[] => {
        if (isHidden(path) || isConditional) return [];
        const missing = new Map<string, string>();
        for (const reference of references) {
          const name = findPackage(packed, reference);
          if (name !== undefined && !isGuarded(name, versionDefines)) missing.set(name, reference);
        }
        return [...missing].map(([name, reference]) => ({
          file: path,
          subject: name,
          message: `${path} refers to ${reference} of ${name}, which is no dependency; add it to "dependencies", or guard the code with a version define`,
        }));
      },
    );
  },
};

/**
 * Returns the package that a reference needs and that is no dependency; undefined when nothing is missing, or the
 * reference is unknown here.
 */
function findPackage(packed: PackedPackage, reference: string): string | undefined {
  const { manifest, installed, referenced, relatives, siblings } = packed;
  const ofUnity = findUnityPackage(reference);
  const name = ofUnity ?? referenced.get(reference);
  if (name === undefined || installed === undefined || installed.has(name) || name === manifest.name)
    return undefined;
  if (
    ofUnity !== undefined &&
    [...installed].some((one) => one.startsWith('com.unity.') && mayBringOthers(one))
  )
    return undefined;
  // A renamed package is known under its former name.
  return relatives.has(name) && !siblings.has(name) ? undefined : name;
}

function isGuarded(name: string, versionDefines: readonly string[]): boolean {
  return versionDefines.some(
    (one) => one === name || (one.startsWith('com.unity.') && name.startsWith('com.unity.')),
  );
}
