import { findVersionHeading } from '../../../domain/changelog/heading-style.ts';
import { compareWritten } from '../../../domain/changelog/heading-text.ts';
import {
  isOfVersion,
  type ScannedChangelog,
  scanChangelog,
} from '../../../domain/changelog/scan-changelog.ts';
import { findUnreleased, readHandWritten } from '../../../domain/changelog/unreleased.ts';
import { isPrerelease } from '../../../domain/package/version.ts';
import { isHidden, isMeta } from '../contents/asset-paths.ts';
import { findCommonLicense } from '../contents/licenses.ts';
import { sayWhyNot } from '../contents/why-not.ts';
import type { Observation, PackageRule, PackedPackage } from './rule.ts';

export const changelogEntry: PackageRule = {
  id: 'changelog.entry',
  severity: 'warn',
  finds:
    'a CHANGELOG.md that is no file, is left out by `.npmignore`, or does not begin with this version; a version that is said to be unreleased, or something still unreleased beside a stable version',
  why: 'The Package Manager shows it to people who ask what is new',
  unityCheck: 'PVP-40-1, PVP-41-1, PVP-43-1',
  check: (packed) => {
    const { changelog, manifest } = packed;
    const places = [...findObstacles(packed), ...findLeftOut(packed)];
    if (changelog === undefined) {
      return places.length > 0 ? places : [{ message: 'the package has no CHANGELOG.md; write one' }];
    }
    const { path: file, text } = changelog;
    const scanned = scanChangelog(text);
    const pending = findPending(file, scanned, manifest.version);
    const own = findVersionHeading(scanned, manifest.version);
    if (own === undefined) {
      const message = `${file} says nothing of ${manifest.version}; add an entry`;
      return [...places, { file, message }, ...pending];
    }
    const found: Observation[] = [...places, ...pending];
    const first = scanned.headings.find((heading) => isOfVersion(heading) && !heading.isUnreleased);
    if (first !== undefined && first.line !== own.line && !isAscending(scanned.headings, own)) {
      const message = `${file} begins with ${first.version ?? 'another version'}; put ${manifest.version} first`;
      found.push({ file, line: first.line + 1, message });
    }
    return [...found, ...findUnreleasedChanges(file, scanned, manifest.version)];
  },
};

function findUnreleasedChanges(
  file: string,
  scanned: ScannedChangelog,
  version: string,
): readonly Observation[] {
  const unreleased = findUnreleased(scanned);
  if (unreleased === undefined || isPrerelease(version)) return [];
  if (readHandWritten(scanned).blocks.length === 0) return [];
  const message = `${file} still has changes below ${unreleased.text}; move them into ${version}`;
  return [{ file, line: unreleased.line + 1, subject: 'unreleased', message }];
}

/**
 * Finds folders and links in the place of a changelog or its .meta. Names that differ in case only are one name on
 * most machines.
 */
function findObstacles({ committed, folders, paths }: PackedPackage): readonly Observation[] {
  return ['changelog.md', 'changelog.md.meta'].flatMap((name) => {
    const isNamed = (path: string): boolean => path.toLowerCase() === name;
    if ([...paths].some(isNamed)) return [];
    const inside = committed?.find(({ path }) => path.toLowerCase().startsWith(`${name}/`));
    const folder = [...folders].find(isNamed) ?? inside?.path.slice(0, name.length);
    const link = committed?.find(({ path, mode }) => isNamed(path) && !mode.startsWith('100'));
    const at = folder ?? link?.path;
    if (at === undefined) return [];
    const what = folder === undefined ? 'is a symbolic link, which no package holds' : 'is a folder';
    return [{ file: at, message: `${at} ${what}; put a file in its place` }];
  });
}

/**
 * Finds a changelog that is left out. If `files` leaves it out although it ships, the rule about `files` reports
 * that.
 */
function findLeftOut({ besides, committed, changelog, written }: PackedPackage): readonly Observation[] {
  if (Array.isArray(written['files']) && changelog !== undefined) return [];
  const by = Array.isArray(written['files']) ? '"files" in package.json' : '.npmignore';
  const anyway = [...besides].map((file) => ({
    file,
    message: `${file} is left out by ${by}, and ships all the same; let ${by} keep it`,
  }));
  const gone = committed?.find(({ path, mode }) => /^changelog\.md$/i.test(path) && mode.startsWith('100'));
  if (changelog !== undefined || gone === undefined) return anyway;
  return [...anyway, { file: gone.path, message: `${gone.path} is left out by ${by}; let ${by} keep it` }];
}

/** Finds headings like `## [1.1.0] - Unreleased`, of this version or of a lower one. */
function findPending(file: string, { headings }: ScannedChangelog, version: string): readonly Observation[] {
  return headings
    .filter((heading) => heading.isPending && (compareWritten(heading.version ?? '', version) ?? 1) <= 0)
    .map((heading) => ({
      file,
      line: heading.line + 1,
      subject: 'pending',
      message: `${file} says “${heading.text.slice(0, 100).toWellFormed()}” although ${version} is published; write the day in its place`,
    }));
}

/** Whether this version is the last heading: some changelogs keep the newest version at the end. */
function isAscending(
  headings: ReturnType<typeof scanChangelog>['headings'],
  own: { readonly line: number },
): boolean {
  return headings.findLast((heading) => heading.version !== undefined)?.line === own.line;
}

export const licenseFile: PackageRule = {
  id: 'license.file',
  severity: 'warn',
  exception: 'a `license` that is no common SPDX identifier is only listed in the details',
  finds: 'no licence file, or a `license` in package.json that names a file which is not there',
  why: 'Without one nobody may use the package',
  unityCheck: 'PVP-30-2',
  check: (packed) => [...findMissingLicense(packed), ...findUncommonLicense(packed.written['license'])],
};

function findMissingLicense(packed: PackedPackage): readonly Observation[] {
  const { paths, written, committed = [] } = packed;
  const named = findNamedFile(written['license']);
  if (named === undefined) {
    const isThere = [...paths].some((path) => /^(?:licen[cs]e|copying)[^/]*$/i.test(path) && !isMeta(path));
    return isThere ? [] : [{ message: 'the package has no LICENSE.md; add the text of its licence' }];
  }
  const isNamed = (path: string): boolean => path.toLowerCase() === named.toLowerCase();
  if ([...paths].some(isNamed)) return [];
  const left = committed.find(({ path }) => isNamed(path))?.path;
  const message =
    left === undefined
      ? `"license" refers to ${named.slice(0, 200).toWellFormed()}, which is not in the package; add that file`
      : `"license" refers to ${left}, which was left out: ${sayWhyNot(packed, left)}; keep that file`;
  return [{ file: 'package.json', message }];
}

/**
 * Returns the file that a licence refers to. npm documents `SEE LICENSE IN <filename>`; some authors keep the
 * brackets, or write the path from the package's folder.
 */
function findNamedFile(license: unknown): string | undefined {
  const written = typeof license === 'string' ? /^\s*SEE LICEN[CS]E IN (.+)$/i.exec(license)?.[1] : undefined;
  const named = written
    ?.trim()
    .replaceAll(/^["'`<]|["'`>]$/g, '')
    .replaceAll('\\', '/');
  if (named === undefined || /^[a-z]+:\/\//i.test(named)) return undefined;
  return named
    .split('/')
    .filter((part) => part !== '.' && part !== '')
    .join('/');
}

function findUncommonLicense(license: unknown): readonly Observation[] {
  if (typeof license !== 'string' || /^\s*SEE LICEN[CS]E IN /i.test(license)) return [];
  if (findCommonLicense(license) !== undefined) return [];
  const message =
    '"license" in package.json is no common SPDX identifier; write one, such as "MIT", if there is one';
  return [{ severity: 'info', file: 'package.json', subject: 'identifier', message }];
}

export const readmeFile: PackageRule = {
  id: 'readme.file',
  severity: 'info',
  finds: 'no README.md in the package’s folder',
  why: 'The package’s page on the registry is empty',
  unityCheck: 'PVP-50-1',
  check: ({ folders, paths }: PackedPackage) => {
    const isReadme = (path: string): boolean =>
      /^readme(?:\.[^/]*)?$/i.test(path) && !isHidden(path) && !isMeta(path);
    if ([...paths].some(isReadme)) return [];
    const folder = [...folders].find(isReadme);
    if (folder !== undefined)
      return [{ file: folder, message: `${folder} is a folder; put a file in its place` }];
    return [{ message: 'the package has no README.md; write what it is for' }];
  },
};
