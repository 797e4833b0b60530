export type ParsedPath = { readonly kind: 'path'; readonly path: string } | { readonly kind: 'escapes' };

/**
 * Parses a package's folder as a dispatch may write it (`./Packages/Tool/`, `Packages/Tool/package.json`, '' for all),
 * and normalises it to git's spelling. A path that leaves the repository, or is no path at all, escapes.
 */
export function parsePackagePath(text: string): ParsedPath {
  if (text.length > 4096 || text.includes('\0') || text.startsWith('/') || /^[A-Za-z]:[\\/]/.test(text)) {
    return { kind: 'escapes' };
  }
  const segments = text.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (segments.includes('..') || text.split('\\').includes('..')) return { kind: 'escapes' };
  if (segments.at(-1) === 'package.json') segments.pop();
  return { kind: 'path', path: segments.join('/') };
}
