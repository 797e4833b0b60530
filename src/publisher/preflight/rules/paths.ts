import { extensionOf, isCode, isHidden, isRootText } from '../contents/asset-paths.ts';
import { listGone } from '../contents/gone-files.ts';
import type { Observation, PackageRule } from './rule.ts';

export const caseCollisions: PackageRule = {
  id: 'path.case-collision',
  severity: 'block',
  finds: 'two files whose paths differ in capital letters only',
  why: 'On Windows and macOS one of them replaces the other',
  unityCheck: 'PVP-72-1',
  check: ({ entries }) => {
    const first = new Map<string, string>();
    return entries.flatMap(({ path }): readonly Observation[] => {
      const key = path.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
      const other = first.get(key);
      if (other === undefined) first.set(key, path);
      if (other === undefined) return [];
      return [
        { file: path, message: `${path} and ${other} are one file on Windows and macOS; rename one of them` },
      ];
    });
  },
};

const pathMax = 140;

export const longPaths: PackageRule = {
  id: 'path.length',
  severity: 'warn',
  finds: `a path of more than ${pathMax} characters`,
  why: 'Windows cannot open it below the package cache of a project',
  unityCheck: 'PVP-22-1',
  check: ({ entries }) =>
    entries
      .filter(({ path }) => path.length > pathMax && !isHidden(path))
      .map(({ path }) => ({
        file: path,
        message: `${path} has ${path.length} characters; shorten it to ${pathMax}`,
      })),
};

const device = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

export const illegalPaths: PackageRule = {
  id: 'path.illegal',
  severity: 'block',
  exception: 'a warning for letters that are not in composed form (NFC)',
  finds: 'control characters, `<>:"|?*\\`, a dot or space at the end, names of devices',
  why: 'Windows cannot unpack it',
  unityCheck: 'PVP-70-1, PVP-71-1',
  check: ({ entries }) =>
    entries.flatMap(({ path }): readonly Observation[] => {
      const problem = findProblem(path);
      if (problem !== undefined)
        return [{ file: path, message: `${JSON.stringify(path)} ${problem}; rename it` }];
      if (path === path.normalize('NFC')) return [];
      const message = `${path} has letters in decomposed form, which are another name elsewhere; rename it`;
      return [{ severity: 'warn', file: path, message }];
    }),
};

function findProblem(path: string): string | undefined {
  if (/[<>:"|?*\\]/.test(path)) return 'has a character that Windows does not allow in names';
  if (/\p{Cc}/u.test(path)) return 'has a control character';
  const parts = path.split('/');
  if (parts.some((part) => /[. ]$/.test(part))) return 'has a name that ends with a dot or a space';
  return parts.some((part) => device.test(part)) ? 'has the name of a device on Windows' : undefined;
}

export const symbolicLinks: PackageRule = {
  id: 'path.symlink',
  severity: 'warn',
  exception: 'blocks for code, and for what may be a folder of it',
  finds: 'a symbolic link in the commit',
  why: 'Links are never followed and never packed, so what stands behind it is missing',
  check: (packed) =>
    listGone(packed, '120000')
      .filter(isOutsideOfDotFolders)
      .map((path): Observation => {
        const mayHoldCode = extensionOf(path) === '' && !isRootText(path);
        const breaks = !isHidden(path) && (mayHoldCode || isCode(path));
        return {
          severity: breaks ? 'block' : 'warn',
          file: path,
          message: `${path} is a symbolic link and was not packed; commit the file itself`,
        };
      }),
};

/**
 * Whether the path is outside of dot folders: npm would not have packed a link in there as a link, and Unity ignores
 * these folders.
 */
function isOutsideOfDotFolders(path: string): boolean {
  return !path.split('/').some((part) => part.startsWith('.'));
}
