import { expect } from 'vitest';
import type { TreeFiles } from '../../sandbox/unity-repository.ts';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { World } from '../../sandbox/world.ts';

export const none = '0'.repeat(40);
export const slug = 'studio/packages';

/** The real process with three repositories whose webhooks reach it. */
export async function startWebhookWorld(): Promise<World> {
  const world = await World.start({
    repositories: [
      { slug: 'studio/lines', settings: { branches: ['release/*'] } },
      { slug: 'studio/moving' },
    ],
    env: { GITHUB_DISPATCH_REPOSITORY: 'studio/requests', LOG_LEVEL: 'debug' },
  });
  await world.addRepository('studio/requests');
  await world.addRepository('studio/unknown');
  world.sendWebhooks();
  return world;
}

export const core = (version: string, folder = 'Core', name = 'com.studio.core'): TreeFiles =>
  unityPackage(name, version, { folder });

/** Announces a push and waits until the process has handled it; returns the outcome. */
export async function announce(
  world: World,
  push: { readonly after: string; readonly before?: string; readonly ref?: string },
  of = slug,
): Promise<string> {
  const full = { before: none, ref: 'refs/heads/main', ...push };
  const sent = await world.github.announcePush(of, full);
  expect(sent?.statusCode).toBe(202);
  return outcomeOf(world, sent?.guid ?? '');
}

/** Returns the outcome of a delivery. */
export async function outcomeOf({ process }: World, guid: string): Promise<string> {
  const line = await process.waitFor(({ msg, delivery }) => msg === 'webhook handled' && delivery === guid);
  return String(line['outcome']);
}

/** Returns the status of the job that an outcome names, once it is finished. */
export async function jobOf({ process }: World, outcome: string): Promise<unknown> {
  const number = Number(/#(\d+)/.exec(outcome)?.[1]);
  const line = await process.waitFor(({ msg, job }) => msg === 'job finished' && job === number);
  return line.status;
}
