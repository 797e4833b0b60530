import type { PackedPackage } from './package.ts';

/**
 * Returns whether this package may change a GUID: no version was published with it, as far as is known. Once a GUID
 * is published, scenes, prefabs and assembly definitions of every project refer to it.
 */
export function mayChangeGuid({
  isFirst,
  previous,
}: Pick<PackedPackage, 'isFirst' | 'previous'>): (guid: string) => boolean {
  const published = new Set(previous?.guids.values());
  return (guid) => isFirst || (previous !== undefined && !published.has(guid));
}
