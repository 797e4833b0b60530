import semver from 'semver';
import { isInScope, isUnityOwned } from '../../../domain/package/package-name.ts';
import { isPrerelease } from '../../../domain/package/version.ts';
import { findVersionProblem } from '../../../domain/package/version-problem.ts';
import { subjectOf } from '../contents/dependency-availability.ts';
import { isBuiltInModule } from '../contents/unity-modules.ts';
import type { Observation, PackageRule, PackedPackage, Severity } from './rule.ts';

const file = 'package.json';

export const exactDependencies: PackageRule = {
  id: 'deps.exact',
  severity: 'block',
  finds: 'a dependency that is no plain version: a range, a tag, an address, a path',
  why: 'The Package Manager takes nothing else in a package, and refuses to install it',
  unityCheck: 'PVP-102-3',
  check: ({ manifest, written }) => {
    const isFeature = written['type'] === 'feature';
    return listDependencies(manifest)
      .filter(([, version]) => findVersionProblem(version) !== undefined)
      .filter(([, version]) => !(isFeature && version === 'default'))
      .map(([name, version]) => ({
        file,
        subject: name,
        message: `dependency ${name} is "${shown(version)}"; write one version, such as ${suggest(version)}`,
      }));
  },
};

export const availableDependencies: PackageRule = {
  id: 'deps.available',
  severity: 'block',
  exception:
    'the version is held until one of ours is there; a warning for packages of others, and where nothing is sent',
  finds: 'a dependency that is neither on the registry, nor published by the same job, nor one of Unity’s',
  why: 'The Package Manager cannot find it, and installs nothing; a package’s own `scopedRegistries` are ignored',
  check: (packed) =>
    listDependencies(packed.manifest).flatMap(([name, version]): readonly Observation[] => {
      const missing = findMissing(packed, name, version);
      if (missing === undefined) return [];
      const subject = subjectOf({ name, version });
      return [{ severity: rateMissing(packed, name), file, subject, message: missing }];
    }),
};

function rateMissing(packed: PackedPackage, name: string): Severity {
  const isOurs = !isUnityOwned(name) && (isInScope(name, packed.scopes) || packed.ours.has(name));
  if (!isOurs) return 'warn';
  return packed.isTrial && packed.availability.get(name) !== 'withdrawn' ? 'warn' : 'block';
}

function findMissing(packed: PackedPackage, name: string, version: string): string | undefined {
  if (findVersionProblem(version) !== undefined) return undefined;
  if (name.startsWith('com.unity.modules.')) {
    if (isBuiltInModule(name)) return undefined;
    return `dependency ${name} is no module that Unity has; correct its name`;
  }
  // Unity's own registry serves these packages, whatever our registry has of them.
  if (isUnityOwned(name)) return undefined;
  switch (packed.availability.get(name)) {
    case 'no-such-package':
      return isInScope(name, packed.scopes)
        ? `dependency ${name} is not on the registry; publish it first, or correct its name`
        : `dependency ${name} is not on this registry; whoever installs this needs a registry for ${scopeOf(name)} in the project’s manifest`;
    case 'withdrawn':
      return `dependency ${name} ${shown(version)} was removed from the registry; name a version that is there`;
    case 'no-such-version':
      return `dependency ${name} has no version ${shown(version)} on the registry; publish it first, or name one that is there`;
    default:
      return undefined;
  }
}

export const staleDependencies: PackageRule = {
  id: 'deps.internal-stale',
  severity: 'warn',
  finds: 'a dependency on a package of the same commit, in another version than that commit has',
  why: 'Whoever installs it gets an older package than it was tested with',
  check: ({ manifest, siblings }) =>
    listDependencies(manifest).flatMap(([name, version]): readonly Observation[] => {
      const current = siblings.get(name);
      if (current === undefined || current === version) return [];
      const message = `dependency ${name} is ${shown(version)}, but this commit has ${shown(current)}; write "${shown(current)}"`;
      return [{ file, subject: name, message }];
    }),
};

export const stableDependencies: PackageRule = {
  id: 'deps.phase',
  severity: 'warn',
  finds: 'a stable version that depends on a prerelease',
  why: 'Whoever installs something stable gets something that is not',
  unityCheck: 'PVP-165-1',
  check: ({ manifest }) => {
    if (isPrerelease(manifest.version)) return [];
    return listDependencies(manifest)
      .filter(([, version]) => findVersionProblem(version) === undefined && isPrerelease(version))
      .map(([name, version]) => ({
        file,
        subject: name,
        message: `${manifest.version} is stable and depends on ${name} ${shown(version)}, which is not; depend on a stable version`,
      }));
  },
};

function listDependencies({
  dependencies,
}: PackedPackage['manifest']): readonly (readonly [string, string])[] {
  return Object.entries(dependencies);
}

const shownMax = 80;

function shown(version: string): string {
  return version.length <= shownMax ? version : `${version.slice(0, shownMax)}…`.toWellFormed();
}

function suggest(version: string): string {
  const lowest = version.length <= shownMax ? semver.coerce(version)?.version : undefined;
  return `"${lowest ?? '1.0.0'}"`;
}

/** Returns the first two parts of a name: `com.studio` of `com.studio.core`. */
function scopeOf(name: string): string {
  return name.split('.').slice(0, 2).join('.');
}
