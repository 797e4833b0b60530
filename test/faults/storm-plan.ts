import { type CommitOptions, type TreeFiles, unityPackage } from '../../sandbox/unity-repository.ts';
import { type Random, randomOf } from './seeded.ts';

/** The expected outcome of one commit. */
export interface Expected {
  readonly status: 'published' | 'failed' | 'nothing-to-publish';
  readonly published: readonly { readonly name: string; readonly version: string }[];
}

export interface PlannedCommit extends Expected {
  readonly options: CommitOptions;
}

export interface PlannedRepository {
  readonly slug: string;
  readonly commits: readonly PlannedCommit[];
}

const scope = 'com.studio';
/** One repository in this many writes no changelogs of its own: a model words them, and a commit brings them back. */
const wordedEvery = 5;

/**
 * Plans repositories of two packages, the second depending on the first; most commits raise one of them. The same seed
 * gives the same plan.
 */
export function planRepositories(seed: number, count: number, commitsEach: number): PlannedRepository[] {
  return Array.from({ length: count }, (_, index) => {
    const random = randomOf(seed, `repository ${index}`);
    const names = [`${scope}.storm${index}.core`, `${scope}.storm${index}.ui`] as const;
    const isWorded = index % wordedEvery === 0;
    const commits = Array.from({ length: commitsEach }, (__, at) =>
      planCommit(names, at, at === 0 ? 'both' : draw(random), isWorded),
    );
    return { slug: `studio/storm-${index}`, commits };
  });
}

type Kind = 'core' | 'both' | 'broken' | 'nothing';

function draw(random: Random): Kind {
  const at = random(100);
  if (at < 70) return 'core';
  if (at < 84) return 'both';
  return at < 92 ? 'broken' : 'nothing';
}

function planCommit(
  [core, ui]: readonly [string, string],
  at: number,
  kind: Kind,
  isWorded: boolean,
): PlannedCommit {
  const version = `1.${at}.0`;
  const message = `Change number ${at}`;
  if (kind === 'nothing') {
    const options = { message, files: { 'NOTES.txt': `${at}\n` } };
    return { status: 'nothing-to-publish', published: [], options };
  }
  if (kind === 'broken') {
    const files = { [`Broken${at}/package.json`]: `{"name": "${core}.broken${at}",` };
    return { status: 'failed', published: [], options: { message, files } };
  }
  const names = kind === 'both' ? [core, ui] : [core];
  const files = names.map((name) => raise(name, version, name === ui ? core : undefined, isWorded && at > 0));
  const published = names.map((name) => ({ name, version }));
  return { status: 'published', published, options: { message, files: Object.assign({}, ...files) } };
}

/** Returns the package at this version, without a changelog entry when the publisher is to word it. */
function raise(name: string, version: string, needed: string | undefined, isWorded: boolean): TreeFiles {
  const dependencies = needed === undefined ? {} : { [needed]: '1.0.0' };
  const files = unityPackage(name, version, { folder: name, dependencies });
  if (!isWorded) return files;
  return {
    [`${name}/package.json`]: files[`${name}/package.json`] ?? '',
    [`${name}/Runtime/Example.cs`]: `// ${version}\n`,
  };
}
