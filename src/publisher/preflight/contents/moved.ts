import type { Finding } from '../../../domain/job/report.ts';
import type { Owner, PackedPackage } from './package.ts';

/**
 * Whether something moved here from a relative, which was renamed or split. A package of the same commit, in the
 * version that has it, still has it.
 */
export function isMoved(
  { relatives, siblings }: Pick<PackedPackage, 'relatives' | 'siblings'>,
  { name, version }: Owner,
): boolean {
  return relatives.has(name) && siblings.get(name) !== version;
}

/** Lowers a finding about something that moved here: nothing is wrong with that. */
export function softenMoved(
  packed: Pick<PackedPackage, 'relatives' | 'siblings'>,
  owner: Owner,
): Partial<Pick<Finding, 'severity'>> {
  return isMoved(packed, owner) ? { severity: 'info' } : {};
}
