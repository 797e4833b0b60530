import type { Fault as DiscordFault } from 'discord-stand-in';
import type { Fault, FaultProxy } from '../../sandbox/fault-proxy.ts';
import type { Gemini, GeminiFault } from '../../sandbox/gemini.ts';
import type { World } from '../../sandbox/world.ts';
import type { Doors } from './doors.ts';
import { randomOf } from './seeded.ts';

const readFaults: readonly Fault[] = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503 },
  { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
  { kind: 'reset', when: 'before-forwarding' },
  { kind: 'reset', when: 'after-forwarding' },
  { kind: 'half-answer' },
  { kind: 'html-200' },
  { kind: 'dribble', chunkBytes: 256, everyMs: 5 },
];

const putFaults: readonly Fault[] = [
  { kind: 'status', status: 500, when: 'after-body' },
  { kind: 'status', status: 503, when: 'before-body' },
  { kind: 'status', status: 429, when: 'after-body', headers: { 'retry-after': '1' } },
  { kind: 'reset', when: 'before-forwarding' },
  { kind: 'store-then-drop' },
  { kind: 'store-then-status', status: 502 },
  { kind: 'store-then-status', status: 409 },
  { kind: 'half-answer' },
  { kind: 'html-200' },
];

const gitFaults: readonly Fault[] = [...readFaults, { kind: 'delay', ms: 500 }];

const apiFaults: readonly Fault[] = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 502 },
  { kind: 'reset', when: 'before-forwarding' },
  { kind: 'store-then-drop' },
  { kind: 'half-answer' },
  { kind: 'html-200' },
  { kind: 'endless' },
  { kind: 'dribble', chunkBytes: 64, everyMs: 5 },
  { kind: 'delay', ms: 500 },
];

/** Faults of the model's answers on their way; wrong words of the model itself are another matter. */
const modelFaults: readonly Fault[] = [
  { kind: 'half-answer' },
  { kind: 'store-then-drop' },
  { kind: 'endless' },
  { kind: 'dribble', chunkBytes: 1, everyMs: 50 },
  { kind: 'delay', ms: 500 },
];

const discordFaults: readonly DiscordFault[] = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 502 },
  { kind: 'reset' },
  { kind: 'storeThenReset' },
  { kind: 'storeThenStatus', status: 502 },
];

/** Faults of an answer on its way, and what gateways answer in its place. */
const discordDoorFaults: readonly Fault[] = [
  { kind: 'half-answer' },
  { kind: 'html-200' },
  { kind: 'store-then-status', status: 200 },
  { kind: 'store-then-status', status: 400 },
  { kind: 'store-then-status', status: 429 },
  { kind: 'endless' },
  { kind: 'dribble', chunkBytes: 64, everyMs: 5 },
  { kind: 'delay', ms: 500 },
];

const geminiFaults: readonly GeminiFault[] = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 429 },
  { kind: 'html' },
  { kind: 'reset' },
  { kind: 'blocked' },
  { kind: 'unsafe' },
  { kind: 'cut' },
  { kind: 'empty' },
  { kind: 'hang' },
  { kind: 'text', text: 'No JSON at all' },
];

/** How many of a thousand requests a fault hits. */
const perMille = {
  'registry read': 12,
  'registry PUT': 40,
  git: 10,
  github: 100,
  discord: 30,
  'discord connection': 20,
  gemini: 250,
  'gemini connection': 100,
};

export type Injected = Record<keyof typeof perMille, number>;

/**
 * Makes every neighbour misbehave now and then. The seed decides which request of a kind and path is hit, not the order
 * in which they come. Counts what was injected; `end` stops the faults.
 */
export function letNeighboursFail(
  world: World,
  doors: Doors,
  { gemini, door }: { readonly gemini: Gemini; readonly door: FaultProxy },
  seed: number,
): { readonly injected: Injected; readonly end: () => void } {
  const injected: Injected = Object.fromEntries(
    Object.keys(perMille).map((kind) => [kind, 0]),
  ) as unknown as Injected;
  const counts = new Map<string, number>();
  function choose<T>(kind: keyof Injected, faults: readonly T[], request: string): T | undefined {
    const count = (counts.get(`${kind} ${request}`) ?? 0) + 1;
    counts.set(`${kind} ${request}`, count);
    const random = randomOf(seed, `${kind} ${request} ${count}`);
    if (random(1_000) >= perMille[kind]) return undefined;
    injected[kind] += 1;
    return faults[random(faults.length)];
  }

  world.proxy.setFaults(({ method, path }) => {
    // Spares probes, which must be able to find out whether the neighbour is back.
    if (path === '/-/whoami' || path === '/-/ping') return undefined;
    if (method === 'PUT') return choose('registry PUT', putFaults, path);
    return choose('registry read', readFaults, path);
  });
  doors.git.setFaults(({ path }) => choose('git', gitFaults, path));
  doors.api.setFaults(({ method, path }) => choose('github', apiFaults, `${method} ${path}`));
  world.discord?.setFault(({ method, path }) =>
    path.includes('/messages') ? choose('discord', discordFaults, `${method} ${path}`) : undefined,
  );
  doors.discord?.setFaults(({ method, path }) =>
    path.includes('/messages')
      ? choose('discord connection', discordDoorFaults, `${method} ${path}`)
      : undefined,
  );
  door.setFaults(() => choose('gemini connection', modelFaults, ''));
  gemini.onRequest(() => gemini.setFault(choose('gemini', geminiFaults, '')));
  return {
    injected,
    end: () => {
      world.proxy.setFaults(() => undefined);
      doors.git.setFaults(() => undefined);
      doors.api.setFaults(() => undefined);
      doors.discord?.setFaults(() => undefined);
      door.setFaults(() => undefined);
      world.discord?.setFault(undefined);
      gemini.onRequest(() => undefined);
      gemini.setFault(undefined);
    },
  };
}
