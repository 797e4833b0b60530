import { afterEach, beforeEach } from 'vitest';
import { type CommitOptions, unityPackage } from '../../../sandbox/unity-repository.ts';
import type { CommitSha } from '../../../src/domain/repository/repository.ts';
import type { Intent } from '../../../src/ports/catalog.ts';
import { type Ranges, readRanges } from '../../../src/publisher/changelog/history/read-ranges.ts';
import { findCandidates } from '../../../src/publisher/commit/candidates.ts';
import { type GitWorld, id, never, slug, startGitWorld } from '../../adapters/git-world.ts';

export const core = 'com.studio.core';

export let world: GitWorld;

/** Call at the top of a test file: gives each test a git server. */
export function useRangeWorld(): void {
  beforeEach(async () => {
    world = await startGitWorld();
  });
  afterEach(async () => world.stop());
}

export function commit(message: string, options: Omit<CommitOptions, 'message'>): CommitSha {
  return world.commit({ message, ...options });
}

export function release(version: string, message: string, options: CommitOptions = {}): CommitSha {
  const files = unityPackage(core, version, { folder: 'Core' });
  return commit(message, {
    files: { 'Core/package.json': files['Core/package.json'] ?? '' },
    ...options,
  });
}

/** Makes the first commit, with the whole package. */
export function begin(version = '1.0.0', folder = 'Core', name = core): CommitSha {
  return commit('Begin', { files: unityPackage(name, version, { folder }) });
}

export function change(message: string, options: CommitOptions = {}, folder = 'Core'): CommitSha {
  return commit(message, {
    files: { [`${folder}/Runtime/Example.cs`]: `// ${message}\n` },
    ...options,
  });
}

interface Asked {
  readonly published?: readonly string[];
  readonly folder?: string;
  readonly name?: string;
  /** Commits of versions that the ledger knows. */
  readonly recorded?: Readonly<Record<string, CommitSha>>;
  /** The folder from which they were published; the same one when left out. */
  readonly recordedIn?: string;
}

export async function ranges(head: CommitSha, asked: Asked = {}): Promise<Ranges> {
  const { published = ['1.0.0'], folder = 'Core', name = core, recorded = {}, recordedIn = folder } = asked;
  await world.locate(head, ['*']);
  const source = world.source();
  const tree = await source.listTree(id, head, never);
  const ledger = {
    listIntents: async (_name: string, version: string) =>
      recorded[version] === undefined
        ? []
        : [{ state: 'stored', commit: recorded[version], path: recordedIn } as Intent],
  };
  const folders = findCandidates(tree).map((candidate) => candidate.path);
  return readRanges(
    { history: source, source, ledger },
    {
      repositoryId: id,
      slug,
      head,
      folders,
      names: new Set([core, 'com.studio.ui']),
      packages: [{ name, folder, published }],
    },
    never,
  );
}

/** Returns the subjects of the package's commits, newest first. */
export async function subjects(head: CommitSha, asked: Asked = {}): Promise<readonly string[]> {
  const found = await ranges(head, asked);
  const range = found.byFolder.get(asked.folder ?? 'Core');
  return (range?.commits ?? []).map(({ subject }) => subject);
}
