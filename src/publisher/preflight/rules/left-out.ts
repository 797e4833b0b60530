import { assetOf, foldersOf, isCode, isHidden, isMeta, isRootText } from '../contents/asset-paths.ts';
import { listGone } from '../contents/gone-files.ts';
import type { PackedPackage } from '../contents/package.ts';
import { sayWhyNot } from '../contents/why-not.ts';
import type { Observation, PackageRule } from './rule.ts';

export const emptyPackage: PackageRule = {
  id: 'pack.empty',
  severity: 'block',
  finds: 'a package that lost everything that Unity imports on its way from the commit into the tarball',
  why: 'It becomes the newest version, and every project that takes it does not compile any more',
  check: (packed) => {
    const content = listContent(packed);
    const [first] = content;
    if (first === undefined || content.some((path) => packed.paths.has(path))) return [];
    const more = content.length > 1 ? ` and ${content.length - 1} more` : '';
    const message =
      `nothing that Unity imports was packed, though the commit has ${first}${more}: ${sayWhyNot(packed, first)}; ` +
      'name the folders as they are written, or take the list out';
    return [{ file: packed.whyNot.ignored.size > 0 ? '.npmignore' : 'package.json', message }];
  },
};

/**
 * Lists what the package is made of: files that Unity has imported once, or would compile. Leaves out tests, and what
 * belongs to other packages and projects in its folder: a package that only depends on others may lie above them.
 */
function listContent(packed: PackedPackage): readonly string[] {
  const { committed = [] } = packed;
  const paths = new Set(committed.filter(({ mode }) => mode.startsWith('100')).map(({ path }) => path));
  const packages = listNested(packed);
  const projects = new Set(
    [...paths].flatMap((path) => /^(.*?)ProjectSettings\/ProjectVersion\.txt$/.exec(path)?.[1] ?? []),
  );
  const isElsewhere = (path: string): boolean =>
    (projects.has('') && /^(?:Assets|Packages|ProjectSettings)\//.test(path)) ||
    [...foldersOf([path])].some((folder) => packages.has(folder) || projects.has(`${folder}/`));
  return [...paths].filter(
    (path) =>
      (isCode(path) || paths.has(`${path}.meta`)) &&
      !(isMeta(path) || isHidden(path) || isRootText(path) || isElsewhere(path) || /^tests?\//i.test(path)),
  );
}

/** Returns the folders of other packages within the package. */
function listNested({ committed = [] }: PackedPackage): ReadonlySet<string> {
  return new Set(committed.flatMap(({ path }) => /^(.+)\/package\.json$/.exec(path)?.[1] ?? []));
}

export const idleEntries: PackageRule = {
  id: 'pack.files-unmatched',
  severity: 'warn',
  exception: 'blocks where only capitals differ and code is left out by that',
  finds:
    'an entry of `files` in package.json that matches nothing, such as `runtime` beside the folder `Runtime`',
  why: 'npm takes it for nothing without a word; on Windows and macOS the same list may work',
  check: (packed) =>
    packed.whyNot.idle.map(({ entry, meant }): Observation => {
      const lost = meant === undefined ? [] : listGone(packed, '100644').filter((path) => isAt(path, meant));
      return {
        severity: lost.some((path) => isCode(path) && !isHidden(path)) ? 'block' : 'warn',
        file: 'package.json',
        subject: entry.slice(0, 200),
        message: wordIdle(entry, meant),
      };
    }),
};

function isAt(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}/`);
}

function wordIdle(entry: string, meant: string | undefined): string {
  const named = `${JSON.stringify(entry.slice(0, 200))} in "files" of package.json`;
  if (meant !== undefined)
    return `${named} matches nothing, since capitals count; write it as ${meant} is written`;
  if (/^[./]*$/.test(entry)) {
    return `${named} stands for everything in some versions of npm and for nothing in others; take the list out, or name the folders`;
  }
  return `${named} matches nothing; correct it, or take it out`;
}

export const droppedFiles: PackageRule = {
  id: 'pack.gitignore-dropped',
  severity: 'warn',
  exception: 'blocks for code and native libraries',
  finds:
    'a committed file or folder that is not packed although its `.meta` is (by `.npmignore`, `files`, or npm’s own list)',
  why: 'The library or script is missing in every project, and only its `.meta` is there',
  check: (packed) => {
    const lost = new Map<string, string[]>();
    const nested = listNested(packed);
    const isOwn = (path: string): boolean => ![...foldersOf([path])].some((folder) => nested.has(folder));
    for (const path of listGone(packed, '100644')) {
      const asset = findLost(packed, path);
      if (asset === undefined) continue;
      const files = lost.get(asset);
      if (files === undefined) lost.set(asset, [path]);
      else files.push(path);
    }
    return [...lost].map(([asset, files]): Observation => {
      // Other packages within the asset are left out on purpose: they are published by themselves.
      const breaks =
        !isHidden(asset) && [asset, ...files].some((path) => isCode(path) && !isHidden(path) && isOwn(path));
      const what = files[0] === asset ? asset : `folder ${asset}`;
      return {
        severity: breaks ? 'block' : 'warn',
        file: asset,
        message: `${what} was left out when the package was packed, its .meta was not: ${sayWhyNot(packed, asset)}; keep both, or leave out both`,
      };
    });
  },
};

/** Returns the file, or the topmost folder above it that is gone as a whole, if its .meta is packed. */
function findLost({ folders, metas }: PackedPackage, path: string): string | undefined {
  if (metas.has(`${path}.meta`)) return path;
  const above = [...foldersOf([path])].toReversed();
  return above.find((folder) => !folders.has(folder) && metas.has(`${folder}.meta`));
}

/** Files that a `files` list forgets most often. */
const oftenForgotten = /^(?:changelog\.md|third party notices\.(?:md|txt)|(?:samples|documentation)~\/.+)$/i;

export const incompleteFiles: PackageRule = {
  id: 'pack.files-allowlist',
  severity: 'warn',
  finds:
    'a list `files` that leaves out metas of what it packs, the changelog, samples, documentation or notices',
  why: '`"files": ["Runtime"]` packs the folder without `Runtime.meta`, and Unity then ignores all of it',
  check: (packed) => {
    if (!Array.isArray(packed.written['files']) || packed.committed === undefined) return [];
    const anyway = [...packed.besides].map((path) => ({
      file: path,
      message: `${path} is left out by "files" in package.json, and ships all the same; add it there`,
    }));
    const forgotten = new Set<string>();
    for (const path of listGone(packed, '100644')) {
      const needed = isMeta(path) ? isNeeded(assetOf(path)) : oftenForgotten.test(path);
      // If a whole folder is left out, the folder is reported and not its files.
      if (needed) forgotten.add(/^(?:samples|documentation)~(?=\/)/i.exec(path)?.[0] ?? path);
    }
    const left = [...forgotten].map((path) => ({
      file: path,
      message: `${path} is not packed, because "files" in package.json does not name it; add it there`,
    }));
    return [...anyway, ...left];

    function isNeeded(asset: string): boolean {
      return !isHidden(asset) && (packed.paths.has(asset) || packed.folders.has(asset));
    }
  },
};
