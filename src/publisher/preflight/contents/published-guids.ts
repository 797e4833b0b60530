import type { PackedPackage } from './package.ts';

/**
 * Whether a GUID is this package's to change: no version was published with it, as far as anybody knows. References in
 * scenes, prefabs and assembly definitions of every project go by it from then on.
 */
export function mayChangeGuid({
  isFirst,
  previous,
}: Pick<PackedPackage, 'isFirst' | 'previous'>): (guid: string) => boolean {
  const published = new Set(previous?.guids.values());
  return (guid) => isFirst || (previous !== undefined && !published.has(guid));
}
