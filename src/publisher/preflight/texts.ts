import { isPrerelease } from '../../domain/version.ts';
import { findVersionHeading } from '../changelog/heading-style.ts';
import { contentOf, endOfSection, isOfVersion, scanChangelog } from '../changelog/scan-changelog.ts';
import { isHidden, isMeta } from '../packed/asset-paths.ts';
import { findCommonLicense } from '../packed/licenses.ts';
import { sayWhyNot } from '../packed/why-not.ts';
import type { Observation, PackageRule, PackedPackage } from './rule.ts';

export const changelogEntry: PackageRule = {
  id: 'changelog.entry',
  severity: 'warn',
  finds:
    'a CHANGELOG.md that does not begin with this version, or a stable version with something still unreleased',
  why: 'The Package Manager shows it to people who ask what is new',
  unityCheck: 'PVP-40-1, PVP-41-1, PVP-43-1',
  check: ({ changelog, manifest }) => {
    if (changelog === undefined) {
      return [{ message: 'the package has no CHANGELOG.md; write one' }];
    }
    const { path: file, text } = changelog;
    const scanned = scanChangelog(text);
    const own = findVersionHeading(scanned, manifest.version);
    if (own === undefined)
      return [{ file, message: `${file} says nothing of ${manifest.version}; add an entry` }];
    const found: Observation[] = [];
    const first = scanned.headings.find((heading) => isOfVersion(heading) && !heading.isUnreleased);
    if (first !== undefined && first.line !== own.line && !isAscending(scanned.headings, own)) {
      const message = `${file} begins with ${first.version ?? 'another version'}; put ${manifest.version} first`;
      found.push({ file, line: first.line + 1, message });
    }
    const unreleased = scanned.headings.find((heading) => heading.isUnreleased);
    if (unreleased !== undefined && !isPrerelease(manifest.version)) {
      const body = scanned.lines.slice(unreleased.line + unreleased.lines, endOfSection(scanned, unreleased));
      if (body.some((line) => /^\s*[-*+]\s+\S/.test(contentOf(line)))) {
        const message = `${file} still has changes below ${unreleased.text}; move them into ${manifest.version}`;
        found.push({ file, line: unreleased.line + 1, subject: 'unreleased', message });
      }
    }
    return found;
  },
};

/** Some keep the newest version at the end. */
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

/** npm documents `SEE LICENSE IN <filename>`; some keep the brackets, or lead there from the package's folder. */
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
  check: ({ paths }: PackedPackage) =>
    [...paths].some((path) => /^readme(?:\.[^/]*)?$/i.test(path) && !isHidden(path) && !isMeta(path))
      ? []
      : [{ message: 'the package has no README.md; write what it is for' }],
};
