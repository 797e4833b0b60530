import { isHidden } from '../contents/asset-paths.ts';
import { findWorkingFile } from '../contents/working-files.ts';
import type { Observation, PackageRule } from './rule.ts';

export const forbiddenFiles: PackageRule = {
  id: 'pack.forbidden',
  severity: 'warn',
  finds:
    'files of version control, build servers, release tools and editors, leftovers, and folders that Unity generates',
  why: 'Everybody who installs the package downloads them',
  unityCheck: 'PVP-33-1',
  check: ({ entries }) => {
    const found = new Map<string, string>();
    for (const { path } of entries) {
      const working = findWorkingFile(path);
      if (working !== undefined) found.set(working.path, working.what);
    }
    return [...found].map(
      ([path, what]): Observation => ({
        file: path,
        message: `${path} ${what}; keep it out with .npmignore or "files"`,
      }),
    );
  },
};

export const nestedPackages: PackageRule = {
  id: 'pkg.nested',
  severity: 'warn',
  finds: 'another package inside of this one',
  why: 'Its files are packed twice, and every GUID in there exists twice',
  check: ({ paths }) =>
    [...paths]
      .filter((path) => path.endsWith('/package.json') && !isHidden(path))
      .map((path) => ({
        file: path,
        message: `${path} makes its folder a package inside of this one; move the folder out, or remove the file`,
      })),
};
