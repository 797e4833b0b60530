import { type CommitOptions, noise, type TreeFiles, unityPackage } from '../sandbox/unity-repository.ts';

/** The ways that are compared; `before` is another build of this project. Each has its own copy of the repository and its own package names. */
export type Lane = 'ours' | 'before' | 'floor' | 'shell';

export const scenarioNames = ['small', 'files', 'many', 'large'] as const;
export type ScenarioName = (typeof scenarioNames)[number];

export interface Scenario {
  readonly name: ScenarioName;
  readonly title: string;
  /** Aims as ratios; undefined where none is set. */
  readonly warmAim: number;
  readonly shellAim: number | undefined;
  /** Number of packages in the repository; only the first is bumped. */
  readonly packages: number;
  readonly assets: { readonly count: number; readonly bytesEach: number } | undefined;
  /** Megabytes of incompressible files beside the packages. */
  readonly ballastMb: number;
}

export function listScenarios(largeMb: number): readonly Scenario[] {
  const common = { warmAim: 2, shellAim: undefined, packages: 1, assets: undefined, ballastMb: 0 };
  return [
    { ...common, name: 'small', title: 'small package', shellAim: 10 },
    {
      ...common,
      name: 'files',
      title: '500 files, 5 MB',
      // Half of the files: each asset has a meta beside it.
      assets: { count: 244, bytesEach: 21_400 },
    },
    { ...common, name: 'many', title: 'one bump among 50', shellAim: 40, packages: 50 },
    { ...common, name: 'large', title: `package in a ${largeMb} MB repository`, ballastMb: largeMb },
  ];
}

export function slugOf(scenario: Scenario, lane: Lane): string {
  return `studio/${scenario.name}-${lane}`;
}

export function packageName(scenario: Scenario, lane: Lane, index = 0): string {
  return `com.studio.${scenario.name}.${lane}${index === 0 ? '' : `.p${index}`}`;
}

export function packageFolder(index = 0): string {
  return `Packages/p${index}`;
}

const ballastChunkMb = 25;

/** Yields the commits that build the repository, one after the other so that they are never all in memory. */
export function* foundation(scenario: Scenario, lane: Lane): Generator<CommitOptions> {
  let files: Record<string, TreeFiles[string]> = {};
  for (let index = 0; index < scenario.packages; index++) {
    const options = { folder: packageFolder(index), ...(scenario.assets && { assets: scenario.assets }) };
    files = { ...files, ...unityPackage(packageName(scenario, lane, index), '1.0.0', options) };
  }
  yield { message: 'Start', files };
  for (let from = 0; from < scenario.ballastMb; from += ballastChunkMb) {
    const chunk = Array.from({ length: Math.min(ballastChunkMb, scenario.ballastMb - from) }, (_, at) => [
      `Assets/Art/texture-${from + at}.bytes`,
      noise(`${scenario.name}-${from + at}`, 1024 * 1024),
    ]);
    yield { message: 'Art', files: Object.fromEntries(chunk) as TreeFiles };
  }
}

/** The commit that a person pushes: a higher version, a changelog line and a changed script. */
export function bump(scenario: Scenario, lane: Lane, version: string): CommitOptions {
  const folder = packageFolder();
  const made = unityPackage(packageName(scenario, lane), version, { folder });
  const changed = [`${folder}/package.json`, `${folder}/CHANGELOG.md`];
  const files: Record<string, TreeFiles[string]> = {};
  for (const path of changed) files[path] = made[path] ?? '';
  files[`${folder}/Runtime/Example.cs`] = `// ${version}\n`;
  return { message: `Version ${version}`, files };
}
