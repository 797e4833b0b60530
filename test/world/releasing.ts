import { unityPackage } from '../../sandbox/unity-repository.ts';
import type { JobShown, World } from '../../sandbox/world.ts';

export interface Where {
  readonly repository?: string;
  readonly branch?: string;
  readonly parent?: string;
}

/** Returns the folder where `releaseVersion` keeps a package. */
export function folderOf(name: string): string {
  return `Packages/${name}`;
}

/** Pushes this version of the package and returns the job that judged it. */
export async function releaseVersion(
  world: World,
  name: string,
  version: string,
  where: Where = {},
): Promise<JobShown> {
  const { repository = world.slug, ...commit } = where;
  const files = unityPackage(name, version, { folder: folderOf(name) });
  return world.publish({ files, ...commit }, { repository });
}

export async function tagsOf(
  world: World,
  name: string,
): Promise<Readonly<Record<string, string>> | undefined> {
  return (await world.packument(name))?.['dist-tags'];
}

export async function versionsOf(world: World, name: string): Promise<readonly string[]> {
  return Object.keys((await world.packument(name))?.versions ?? {});
}
