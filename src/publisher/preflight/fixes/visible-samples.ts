import { editManifest, readObjects, readTexts } from '../repair/edit-manifest.ts';
import type { FileChange, Fix, PackageToFix } from './fix.ts';

const folder = 'Samples';
const meta = 'Samples.meta';

/** Left alone when a file of that name is in `Samples~` already. */
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

/** Entries of `samples` and of `files` lead there. */
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
