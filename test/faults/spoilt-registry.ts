import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Fault } from '../../sandbox/fault-proxy.ts';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { type PipelineWorld, type Published, startPipelineWorld } from '../world/pipeline-world.ts';

export let world: PipelineWorld;
/** Name of the package of the present test. */
export let name: string;
let names = 0;

/**
 * Call at the top of a test file: one world for all its tests; each test has its own package and begins without faults.
 */
export function usePipelineWorld(): void {
  beforeAll(async () => {
    world = await startPipelineWorld();
  });
  afterAll(async () => world.stop());
  beforeEach(() => {
    world.proxy.clear();
    name = `com.studio.tool${++names}`;
  });
}

export const publish = async (): Promise<Published> =>
  world.publish(unityPackage(name, '1.0.0', { folder: `Packages/${name}` }));

/** Times at which each PUT of the package began; the fault hits the first ones, as many as `times` says. */
export function spoilPuts(fault: Fault, count: number): readonly number[] {
  const times: number[] = [];
  world.proxy.setFaults(({ method, path }) => {
    if (method !== 'PUT' || path !== `/${name}`) return undefined;
    times.push(world.clock.now());
    return times.length <= count ? fault : undefined;
  });
  return times;
}

/** Spoils reads of the package, or of everything, either before the first PUT or after it. */
export function spoilReads(
  fault: Fault,
  when: 'before-put' | 'after-put',
  count: number,
  what: 'package' | 'everything' = 'package',
): void {
  let puts = 0;
  let spoilt = 0;
  world.proxy.setFaults(({ method, path }) => {
    if (method === 'PUT') puts++;
    if (method !== 'GET' || (what === 'package' && path !== `/${name}`)) return undefined;
    const isDue = when === 'before-put' ? puts === 0 : puts > 0;
    return isDue && ++spoilt <= count ? fault : undefined;
  });
}

export function countPuts(): number {
  return world.proxy.requests().filter(({ method, path }) => method === 'PUT' && path === `/${name}`).length;
}

export async function readStored(): Promise<string | undefined> {
  const answer = await fetch(new URL(name, world.registry.url));
  if (answer.status === 404) return undefined;
  const { versions } = (await answer.json()) as { versions: Record<string, { dist: { integrity: string } }> };
  return versions['1.0.0']?.dist.integrity;
}

/** Summarises the report, the registry and the proxy for comparison. */
export async function summarise({ job }: Published): Promise<unknown> {
  const shown = job.packages.find((item) => item.name === name);
  const stored = await readStored();
  return {
    status: job.status,
    outcome: shown?.outcome,
    reason: shown?.reason ?? null,
    attempts: job.attempts,
    puts: countPuts(),
    isStored: stored !== undefined,
    isReportedIntegrity: stored === shown?.integrity,
  };
}

export function published(attempts: number, puts: number): unknown {
  return {
    status: 'published',
    outcome: 'published',
    reason: null,
    attempts,
    puts,
    isStored: true,
    isReportedIntegrity: true,
  };
}
