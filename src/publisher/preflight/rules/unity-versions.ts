import { isPrerelease } from '../../../domain/package/version.ts';
import { findVersionProblem } from '../../../domain/package/version-problem.ts';
import { isObject } from '../../../domain/text/json-object.ts';
import type { PackedPackage, PreviousVersion } from '../contents/package.ts';
import { findBumpKind } from '../contents/version-bump.ts';
import type { Observation, PackageRule } from './rule.ts';

const file = 'package.json';
const editor = /^(?:20\d\d|[6-9]\d{3})\.\d{1,3}$/;
const release = /^\d{1,4}[abf]\d{1,4}$/;

export const unityVersion: PackageRule = {
  id: 'manifest.unity',
  severity: 'block',
  exception: 'a warning when there is no `unity`',
  finds: 'no `unity` or a malformed one, a malformed `unityRelease`, or one without `unity`',
  why: 'Without the right lowest editor, projects get a package that does not compile for them',
  unityCheck: 'PVP-102-3',
  check: ({ written }) => {
    const { unity, unityRelease } = written;
    const found: Observation[] = [];
    if (unity === undefined) {
      const message =
        'package.json has no "unity": it is offered to every editor; name the lowest one, such as "2022.3"';
      found.push({ severity: unityRelease === undefined ? 'warn' : 'block', file, message });
    } else if (typeof unity !== 'string' || !editor.test(unity)) {
      const message =
        '"unity" is no editor version; write year and number alone, such as "2022.3" or "6000.0"';
      found.push({ file, message });
    }
    if (unityRelease !== undefined && (typeof unityRelease !== 'string' || !release.test(unityRelease))) {
      const message = '"unityRelease" is malformed; write what follows the editor version, such as "10f1"';
      found.push({ file, subject: 'unityRelease', message });
    }
    return found;
  },
};

export const raisedUnity: PackageRule = {
  id: 'manifest.unity-raise',
  severity: 'warn',
  finds: 'a patch version that needs a newer editor, or a version that asks for an older one',
  why: 'A fix that older editors cannot see does not reach those who need it',
  unityCheck: 'PVP-171-3',
  check: ({ manifest, previous }) => {
    const before = previous === undefined ? undefined : readEditor(previous.fields['unity']);
    const now = readEditor(manifest.fields['unity']);
    if (previous === undefined || before === undefined || now === undefined) return [];
    const shift = now.year - before.year || now.number - before.number;
    const isPatch = findBumpKind(previous.version, manifest.version) === 'patch';
    if (shift > 0 && isPatch) {
      const message = `"unity" goes from ${before.text} to ${now.text} in a patch version; raise the minor version instead`;
      return [{ file, message }];
    }
    if (shift >= 0) return [];
    return [
      {
        file,
        message: `"unity" goes back from ${before.text} to ${now.text}; make sure that it compiles there`,
      },
    ];
  },
};

function readEditor(unity: unknown): { text: string; year: number; number: number } | undefined {
  if (typeof unity !== 'string' || !editor.test(unity)) return undefined;
  const [year = 0, number = 0] = unity.split('.').map(Number);
  return { text: unity, year, number };
}

export const patchDependencies: PackageRule = {
  id: 'manifest.deps-patch-change',
  severity: 'warn',
  finds: 'a patch version that adds or removes a dependency, or raises its major or minor version',
  why: 'A fix should not bring anything else into a project',
  unityCheck: 'PVP-173-1',
  check: ({ manifest, previous }) => {
    if (previous === undefined || findBumpKind(previous.version, manifest.version) !== 'patch') return [];
    const before = readDependencies(previous);
    const names = new Set([...before.keys(), ...Object.keys(manifest.dependencies)]);
    return [...names].flatMap((name): readonly Observation[] => {
      const change = wordChange(before.get(name), manifest.dependencies[name]);
      if (change === undefined) return [];
      const message = `dependency ${name} ${change} since ${previous.version}; raise the minor version, not the patch`;
      return [{ file, subject: name, message }];
    });
  },
};

function readDependencies({ fields }: PreviousVersion): ReadonlyMap<string, string> {
  const { dependencies } = fields;
  if (!isObject(dependencies)) return new Map();
  return new Map(
    Object.entries(dependencies).flatMap(([name, version]) =>
      typeof version === 'string' ? [[name, version] as const] : [],
    ),
  );
}

function wordChange(
  before: string | undefined,
  now: PackedPackage['manifest']['version'] | undefined,
): string | undefined {
  if (before === undefined) return 'was added';
  if (now === undefined) return 'was removed';
  if (findVersionProblem(before) !== undefined || findVersionProblem(now) !== undefined) return undefined;
  // Between prereleases anything may change.
  if (isPrerelease(before) || isPrerelease(now)) return undefined;
  const kind = findBumpKind(before, now);
  return kind === 'major' || kind === 'minor' ? `went from ${before} to ${now}` : undefined;
}
