import { unityPackage } from '../../sandbox/unity-repository.ts';
import type { JobShown, World } from '../../sandbox/world.ts';
import type { JobFinished } from '../../src/domain/announcement/announcement.ts';
import { folderOf } from './releasing.ts';

/** Pushes one commit for each version of a package, in one run of git; returns their shas. */
export function pushVersions(
  world: World,
  repository: string,
  name: string,
  versions: readonly string[],
): readonly string[] {
  const commits = versions.map((version) => ({
    files: unityPackage(name, version, { folder: folderOf(name) }),
    message: `${name} ${version}`,
  }));
  return world.pushAll(commits, repository);
}

/** Dispatches all at the same time; returns the job of each, once it is final. */
export async function dispatchAtOnce(
  world: World,
  repository: string,
  commits: readonly string[],
  extra: Record<string, unknown> = {},
): Promise<readonly JobShown[]> {
  const accepted = await Promise.all(
    commits.map(async (commit) => world.dispatch(commit, { repository, ...extra })),
  );
  return Promise.all(accepted.map(async ({ id }) => world.finished(id)));
}

/** Delays the answer to the next upload of this package, so that other dispatches can come while its job runs. */
export function slowUploadOf(world: World, name: string, ms: number): void {
  world.proxy.setFaults(({ method, path }) =>
    method === 'PUT' && path === `/${name}` ? { kind: 'delay', ms } : undefined,
  );
}

/** Returns what was announced about the jobs of a repository, in order. */
export function announcementsOf(world: World, repository: string): readonly JobFinished[] {
  return world.process.lines().flatMap(({ msg, announcement }) => {
    if (msg !== 'announcement') return [];
    const told = announcement as JobFinished;
    return told.kind === 'job-finished' && told.repository === repository ? [told] : [];
  });
}
