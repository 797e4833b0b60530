import { extensionOf, isHidden } from '../contents/asset-paths.ts';
import type { Observation, PackageRule } from './rule.ts';

const restricted = new Set([
  '.exe',
  '.bat',
  '.cmd',
  '.msi',
  '.ps1',
  '.vbs',
  '.zip',
  '.7z',
  '.rar',
  '.unitypackage',
]);

export const restrictedFiles: PackageRule = {
  id: 'file.restricted',
  severity: 'warn',
  finds: 'programs, shell scripts of Windows, archives, and a `.dll` whose `.meta` has no import settings',
  why: 'Nobody sees what is inside of them, and a library without settings is loaded everywhere',
  unityCheck: 'PVP-23-1 to PVP-25-1, PVP-34-1',
  check: ({ entries, metas }) =>
    entries.flatMap(({ path }): readonly Observation[] => {
      const extension = extensionOf(path);
      if (restricted.has(extension)) {
        return [
          {
            file: path,
            message: `${path} is a program or an archive; ship its source or its content instead`,
          },
        ];
      }
      const meta = extension === '.dll' && !isHidden(path) ? metas.get(`${path}.meta`) : undefined;
      if (meta === undefined || meta.problem === 'not-a-meta' || meta.importer === 'PluginImporter')
        return [];
      const message = `${path}.meta has no import settings of a plugin; select the library in Unity, apply its settings and commit the .meta`;
      return [{ file: path, message }];
    }),
};

export const executables: PackageRule = {
  id: 'exec-bit',
  severity: 'info',
  finds: 'files that are executable in the commit',
  why: 'Packages unpack without that bit: a tool inside of one has to set it before it starts',
  check: ({ committed, paths }) =>
    (committed ?? [])
      .filter(({ path, mode }) => mode === '100755' && paths.has(path))
      .map(({ path }) => ({
        file: path,
        message: `${path} is executable in the commit and will not be in the package; set the bit before it is started`,
      })),
};
