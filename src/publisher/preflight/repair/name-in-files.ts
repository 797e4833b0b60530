import type { FileChange, PackageToFix } from '../fixes/fix.ts';
import { editManifest, readTexts } from './edit-manifest.ts';

/** Whether the path means nothing but itself when it is read as a pattern. */
export function isPlain(path: string): boolean {
  return !/[*?[\]{}!#\\]/.test(path);
}

/** Whether the path is a file, or a folder that holds a file: an earlier fix may have moved it away. */
export function isThere({ paths }: PackageToFix, path: string): boolean {
  return paths.has(path) || [...paths].some((known) => known.startsWith(`${path}/`));
}

/** Adds those of the paths to `files` that no entry covers, if package.json has such a list. */
export function nameInFiles(found: PackageToFix, paths: readonly string[]): readonly FileChange[] {
  return editManifest(found, (fields) => {
    const files = readTexts(fields['files']);
    const added = paths.filter((path) => isPlain(path) && !(files ?? []).some(covers(path)));
    if (files === undefined || added.length === 0) return undefined;
    return { fields: { ...fields, files: [...files, ...added] }, byHand: (text) => append(text, added) };
  });
}

/** Whether an entry names the path, or a folder above it; what a pattern matches is not known without trying. */
function covers(path: string): (entry: string) => boolean {
  return (entry) => {
    const named = entry.replace(/^\.?\//, '').replace(/(?:\/\*\*)?(?:\/\*)?\/?$/, '');
    return named === '*' || named === '**' || named === path || path.startsWith(`${named}/`);
  };
}

/** Adds entries as the entries before are written: below one another, or in one line. */
function append(text: string, added: readonly string[]): string {
  return text.replace(/("files"\s*:\s*\[)([^[\]]*)\]/, (_, head: string, inside: string) => {
    const entries = inside.trimEnd();
    const between = /^\s*\n\s*/.exec(inside)?.[0] ?? ' ';
    const comma = entries === '' ? '' : ',';
    const lead = entries === '' && between === ' ' ? '' : between;
    const more = added.map((path) => JSON.stringify(path)).join(`,${between}`);
    return `${head}${entries}${comma}${lead}${more}${inside.slice(entries.length)}]`;
  });
}
