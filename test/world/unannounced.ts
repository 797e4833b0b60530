import type { LogLine } from '../../sandbox/process.ts';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import type { World } from '../../sandbox/world.ts';

/** Two packages of two repositories whose pushes no event announces. */
export const core = (version: string) => unityPackage('com.studio.core', version, { folder: 'Core' });
export const tool = (version: string) => unityPackage('com.studio.tool', version);
export const other = 'studio/tools';

/** Starts the process again and waits until it has looked at all repositories; returns the jobs it made. */
export async function lookAgain(world: World): Promise<readonly number[]> {
  await world.restart('SIGTERM');
  const line = await world.process.waitFor(({ msg }) => msg === 'caught up');
  return line['jobs'] as readonly number[];
}

/** Returns the announcement of this job's end. */
export async function announced(world: World, job: number): Promise<Readonly<Record<string, unknown>>> {
  const of = (line: LogLine) => line['announcement'] as { readonly job?: number } | undefined;
  const line = await world.process.waitFor((item) => item.msg === 'announcement' && of(item)?.job === job);
  return of(line) as Readonly<Record<string, unknown>>;
}
