import type { PackageRule } from './rule.ts';

const megabyte = 1_000_000;
const listed = 10;

export const largeTarball: PackageRule = {
  id: 'size.tarball',
  severity: 'warn',
  finds:
    'a tarball above `PACKAGE_SIZE_WARN_MB`, with its largest files (above `PACKAGE_SIZE_MAX_MB` nothing is packed)',
  why: 'Everybody who installs it downloads that, and so does every build server',
  check: ({ entries, sizeWarnBytes, tarballBytes }) => {
    if (tarballBytes <= sizeWarnBytes) return [];
    const largest = entries
      .toSorted((a, b) => b.bytes - a.bytes)
      .slice(0, listed)
      .map(({ path, bytes }) => `${path} (${inMegabytes(bytes)})`);
    const message = `the tarball has ${inMegabytes(tarballBytes)}; everybody who installs it downloads that; the largest files: ${largest.join(', ')}`;
    return [{ message }];
  },
};

const fileMaxBytes = 1000 * megabyte;
/** In packages below this size nobody minds that one file is most of the package. */
const smallBytes = 10 * megabyte;

export const largeFiles: PackageRule = {
  id: 'size.file',
  severity: 'block',
  exception: 'a warning when one file is more than half of a package above 10 MB',
  finds: 'a file above 1 GB, or one that is most of the package',
  why: 'A package of one large file is better a download of its own',
  unityCheck: 'PVP-93-1',
  check: ({ entries }) => {
    const total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
    return entries
      .filter(({ bytes }) => bytes > fileMaxBytes || (total > smallBytes && bytes > total / 2))
      .map(({ path, bytes }) => {
        const isTooLarge = bytes > fileMaxBytes;
        const what = isTooLarge ? 'no file may have more than 1 GB' : 'that is more than half of the package';
        return {
          severity: isTooLarge ? 'block' : 'warn',
          file: path,
          message: `${path} has ${inMegabytes(bytes)}; ${what}; make it smaller or let people download it apart`,
        };
      });
  },
};

function inMegabytes(bytes: number): string {
  return `${Math.ceil(bytes / megabyte)} MB`;
}
