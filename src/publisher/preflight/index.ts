import type { Finding } from '../../domain/report.ts';
import { lfsPointers } from './lfs-pointers.ts';
import { missingMetas } from './metas.ts';
import type { PackedPackage, Rule } from './rule.ts';
import { secretFiles } from './secret-files.ts';

/** Every rule that looks at the packed list. A new one is a new file and a line here. */
export const rules: readonly Rule[] = [missingMetas, lfsPointers, secretFiles];

/** Findings of all rules, blocking ones first. */
export async function runPreflight(packed: PackedPackage): Promise<readonly Finding[]> {
  const findings = (await Promise.all(rules.map((rule) => rule.check(packed)))).flat();
  const rank = { block: 0, warn: 1, info: 2 } as const;
  return findings.sort((a, b) => rank[a.severity] - rank[b.severity]);
}
