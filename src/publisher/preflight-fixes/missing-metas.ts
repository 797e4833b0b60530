import { canMakeMeta, makeMeta } from '../packed/new-meta.ts';
import { isThere, nameInFiles } from '../repair/name-in-files.ts';
import type { FileChange, Fix } from './fix.ts';

/** One that is there and was not packed has to be named in `files` only. */
export const addMetas: Fix = {
  rule: 'meta.missing',
  does: 'adds the `.meta` that Unity would make, with a GUID that follows from package and path',
  onlyNamesInManifest: true,
  canFix: ({ file }) => file !== undefined && canMakeMeta(file, false),
  reads: () => ['package.json'],
  fix: (found, findings) => {
    const assets = findings.flatMap(({ file }) => file ?? []).filter((path) => isThere(found, path));
    const written = assets
      .filter((path) => !isThere(found, `${path}.meta`))
      .map((path): FileChange => {
        const isFolder = !found.paths.has(path);
        return { kind: 'written', path: `${path}.meta`, content: makeMeta(found.name, path, isFolder) };
      });
    return [
      ...written,
      ...nameInFiles(
        found,
        assets.map((path) => `${path}.meta`),
      ),
    ];
  },
};
