import { canMakeMeta, makeMeta } from '../contents/new-meta.ts';
import { isThere, nameInFiles } from '../repair/name-in-files.ts';
import type { FileChange, Fix } from './fix.ts';

/** Adds missing metas. A .meta that is committed and was not packed only has to be named in `files`. */
export const addMetas: Fix = {
  rule: 'meta.missing',
  does: 'adds the `.meta` that Unity would make, with the GUID of the version before, else with one that follows from package and path',
  onlyNamesInManifest: true,
  canFix: ({ file }) => file !== undefined && canMakeMeta(file, false),
  reads: () => ['package.json'],
  fix: (found, findings) => {
    const published = new Map(findings.map(({ file, subject }) => [file, subject]));
    const assets = findings.flatMap(({ file }) => file ?? []).filter((path) => isThere(found, path));
    const written = assets
      .filter((path) => !isThere(found, `${path}.meta`))
      .map((path): FileChange => {
        const isFolder = !found.paths.has(path);
        const content = makeMeta(found.name, path, isFolder, published.get(path));
        return { kind: 'written', path: `${path}.meta`, content };
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
