import type { UnityManifest } from '../../domain/package/manifest.ts';

/**
 * Sorts packages so that dependencies come first, in input order otherwise. A cycle is cut where it closes, because
 * Unity resolves cycles and npm installs them.
 */
export function orderByDependencies<T extends { readonly manifest: UnityManifest }>(
  packages: readonly T[],
): readonly T[] {
  const byName = new Map(packages.map((item) => [item.manifest.name, item]));
  const ordered: T[] = [];
  const seen = new Set<string>();
  // Iterative, because a hostile repository can choose the depth.
  for (const start of packages) {
    const stack: { item: T; pending: string[] }[] = [];
    const enter = (item: T): void => {
      if (seen.has(item.manifest.name)) return;
      seen.add(item.manifest.name);
      stack.push({ item, pending: Object.keys(item.manifest.dependencies) });
    };
    enter(start);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.pending.shift();
      if (next === undefined) {
        ordered.push(top.item);
        stack.pop();
      } else {
        const dependency = byName.get(next);
        if (dependency !== undefined) enter(dependency);
      }
    }
  }
  return ordered;
}
