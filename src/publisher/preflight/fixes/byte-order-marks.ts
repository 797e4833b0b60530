import type { Finding } from '../../../domain/job/report.ts';
import type { FileChange, Fix, PackageToFix } from './fix.ts';

const mark = '\uFEFF';
const does = 'saves it without a byte order mark';

export const unmarkMetas: Fix = {
  rule: 'meta.bom',
  does,
  canFix: ({ file }) => file !== undefined,
  reads: listFiles,
  fix: (found, findings) => unmark(found, listFiles(findings)),
};

/** Removes the mark only: of two equal keys one is wrong, and nobody but the author knows which. */
export const unmarkManifest: Fix = {
  rule: 'manifest.json-valid',
  does,
  canFix: ({ subject }) => subject === 'byte-order-mark',
  reads: listFiles,
  fix: (found, findings) => unmark(found, listFiles(findings)),
};

function listFiles(findings: readonly Finding[]): readonly string[] {
  return findings.flatMap(({ file }) => file ?? []);
}

function unmark({ texts }: PackageToFix, files: readonly string[]): readonly FileChange[] {
  return files.flatMap((path): readonly FileChange[] => {
    const text = texts.get(path);
    return text?.startsWith(mark) === true
      ? [{ kind: 'written', path, content: text.slice(mark.length) }]
      : [];
  });
}
