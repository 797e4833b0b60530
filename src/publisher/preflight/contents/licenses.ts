/** SPDX identifiers that packages use, in lower case. */
const common = new Set(
  (
    'mit mit-0 apache-2.0 bsd-2-clause bsd-3-clause 0bsd isc zlib unlicense cc0-1.0 cc-by-4.0 cc-by-3.0 cc-by-sa-4.0 ' +
    'cc-by-nc-4.0 cc-by-nc-sa-4.0 mpl-2.0 epl-2.0 bsl-1.0 ms-pl ncsa wtfpl ofl-1.1 artistic-2.0 gpl-2.0 gpl-2.0-only ' +
    'gpl-2.0-or-later gpl-3.0 gpl-3.0-only gpl-3.0-or-later lgpl-2.1 lgpl-2.1-only lgpl-2.1-or-later lgpl-3.0 ' +
    'lgpl-3.0-only lgpl-3.0-or-later agpl-3.0 agpl-3.0-only agpl-3.0-or-later unlicensed'
  ).split(' '),
);

/**
 * Returns the identifiers in `MIT`, or in `(MIT OR Apache-2.0)`, in lower case; undefined unless all of them are
 * common ones.
 */
export function findCommonLicense(written: string): readonly string[] | undefined {
  if (written.length > 200) return undefined;
  const names = written
    .replaceAll(/[()]/g, ' ')
    .split(/(?<!\s)\s+(?:OR|AND)\s+/)
    .map((name) => name.trim().toLowerCase());
  return names.every((name) => common.has(name)) ? names : undefined;
}
