import type { JobShown, PackageShown, World } from '../../sandbox/world.ts';

/** Returns the package of this name in a job's report. Throws when the report does not list it. */
export function packageOf(job: JobShown, name: string): PackageShown {
  const found = job.packages.find((item) => item.name === name);
  if (found === undefined) throw new Error(`${name} is not in the report: ${JSON.stringify(job)}`);
  return found;
}

/** Returns outcomes by package name. */
export function outcomesOf(job: JobShown): Record<string, string> {
  return Object.fromEntries(job.packages.map((item) => [item.name, item.outcome]));
}

/** Returns the names of packages in the order in which their uploads reached the proxy. */
export function uploadsAt(world: World): readonly string[] {
  return world.proxy
    .requests()
    .filter(({ method, path }) => method === 'PUT' && !path.startsWith('/-/'))
    .map(({ path }) => decodeURIComponent(path.slice(1)));
}
