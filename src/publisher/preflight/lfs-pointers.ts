import type { Finding } from '../../domain/report.ts';
import type { Rule } from './rule.ts';

const marker = Buffer.from('version https://git-lfs.github.com/spec/');

/** Git LFS specification: pointer files are below 1,024 bytes and begin with the version line. */
export const lfsPointers: Rule = {
  id: 'lfs.pointer',
  async check(packed) {
    const findings: Finding[] = [];
    for (const entry of packed.entries) {
      if (entry.bytes < 100 || entry.bytes > 1024) continue;
      const bytes = Buffer.from(await packed.read(entry.path));
      if (!bytes.subarray(0, marker.length).equals(marker)) continue;
      findings.push({
        rule: 'lfs.pointer',
        severity: 'block',
        file: entry.path,
        message: `${entry.path} is a Git LFS pointer, not the file; push its object, or commit its real content in the package folder`,
      });
    }
    return findings;
  },
};
