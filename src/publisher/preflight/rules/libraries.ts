import { isHidden } from '../contents/asset-paths.ts';
import type { Observation, PackageRule } from './rule.ts';

export const duplicateLibraries: PackageRule = {
  id: 'dll.duplicate',
  severity: 'warn',
  finds: 'the same managed library twice, by its name or its bytes, both for every platform',
  why: 'Unity refuses two precompiled assemblies of one name, and then compiles nothing at all',
  check: ({ libraries, limitedPlugins }) => {
    const first = new Map<string, string>();
    const found: Observation[] = [];
    for (const [path, { isManaged, sha256 }] of libraries) {
      if (!isManaged || isHidden(path) || limitedPlugins.has(`${path}.meta`)) continue;
      const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
      const other = first.get(name) ?? first.get(sha256);
      for (const key of [name, sha256]) if (!first.has(key)) first.set(key, path);
      if (other === undefined) continue;
      const message = `${path} and ${other} are the same library, both for every platform; remove one of them, or choose other platforms for it in Unity`;
      found.push({ file: path, message });
    }
    return found;
  },
};
