import { entry } from './failure-entry.ts';

/** Failures of one package that lie in its commit; a part of the catalogue. */
export const packageFailures = {
  'manifest-invalid': entry<{ file: string; line: number; column: number; problem: string }>(
    'after-fix',
    // Line 0 means the file as a whole.
    (f) => (f.line === 0 ? `${f.file} ${f.problem}` : `${f.file}:${f.line}:${f.column} ${f.problem}`),
    (f) =>
      f.line === 0
        ? `Commit ${f.file} as a plain JSON file in UTF-8, and push again.`
        : `Correct line ${f.line} of ${f.file} and push again.`,
  ),
  // Failures that were stored long ago lack `suggestion`.
  'version-invalid': entry<{ version: string; problem: string; suggestion?: string }>(
    'after-fix',
    (f) => `“${f.version}” is not a version: ${f.problem}`,
    (f) =>
      f.suggestion === undefined
        ? 'Write a plain semantic version such as 1.4.0 or 1.4.0-beta.1, and push again.'
        : `Write ${f.suggestion}, and push again.`,
  ),
  'pack-failed': entry<{ problem: string }>(
    'after-fix',
    (f) => `The package could not be packed: ${f.problem}`,
    () => 'Correct what stands there in the package, and push again.',
  ),
  'packing-timed-out': entry<{ seconds: number; files: number }>(
    'after-fix',
    (f) => `Packing its ${f.files} files took longer than the ${f.seconds} s that one package may take`,
    () =>
      'Press Retry when the machine was busy. Else make the package smaller: take large and generated files out of the folder, or split it.',
  ),
  'packing-out-of-memory': entry<{ memoryMb: number; files: number }>(
    'after-fix',
    (f) =>
      `Packing its ${f.files} files needs more than the ${f.memoryMb} MB of memory that one package may use`,
    () => 'Make the package smaller: take large and generated files out of the folder, or split it.',
  ),
  superseded: entry<{ by: string; why: string; version?: string }>(
    'never',
    (f) => `Superseded by the newer commit ${f.by.slice(0, 7)}: ${f.why}`,
    (f) =>
      f.version === undefined
        ? 'Nothing to do: the newer commit counts.'
        : `Nothing to do. Should ${f.version} be needed all the same: \`/publish\` with this commit as \`ref\` and \`allow_lower\`.`,
  ),
} as const;
