import { editManifest, readObjects, readTexts } from '../repair/edit-manifest.ts';
import type { FileChange, Fix, PackageToFix } from './fix.ts';

const folder = 'Samples';
const meta = 'Samples.meta';

/** Moves samples out of Unity's sight. Changes nothing when `Samples~` already has a file with the same name. */
export const hideSamples: Fix = {
  rule: 'samples.visible',
  does: 'renames `Samples` to `Samples~`, in `package.json` as well, and deletes `Samples.meta`',
  canFix: () => true,
  reads: () => ['package.json'],
  fix: (found) => {
    const inside = [...found.paths].filter((path) => path.startsWith(`${folder}/`));
    if (inside.some((path) => found.paths.has(hidden(path)))) return [];
    return [
      ...inside.map((path): FileChange => ({ kind: 'moved', path, to: hidden(path) })),
      ...(found.paths.has(meta) ? [{ kind: 'deleted', path: meta } as const] : []),
      ...renameInManifest(found),
    ];
  },
};

/** Changes the entries of `samples` and of `files` that lead to the folder. */
function renameInManifest(found: PackageToFix): readonly FileChange[] {
  return editManifest(found, (fields) => {
    const samples = readObjects(fields['samples'])?.map((sample) =>
      typeof sample['path'] === 'string' ? { ...sample, path: hidden(sample['path']) } : sample,
    );
    const files = readTexts(fields['files'])?.map(hidden);
    const changed = {
      ...fields,
      ...(samples === undefined ? {} : { samples }),
      ...(files === undefined ? {} : { files }),
    };
    if (JSON.stringify(changed) === JSON.stringify(fields)) return undefined;
    const byHand = (text: string): string =>
      text.replaceAll(/"(\.?\/)?Samples(?=[/"])/g, (found) => `${found}~`);
    return { fields: changed, byHand };
  });
}

function hidden(path: string): string {
  return path.replace(/^(\.?\/)?Samples(?=\/|$)/, (found) => `${found}~`);
}
