import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { World } from '../../sandbox/world.ts';
import { countLive, listHolds, listMissing, type Piece, send } from './held-versions.ts';
import { uploadsAt } from './report-reading.ts';

/** Long enough for the work of four processes on a busy machine. */
const within = { timeout: 10 * 60_000, interval: 50 };
const slugs = ['studio/one', 'studio/two', 'studio/three', 'studio/four'] as const;

let world: World;

beforeAll(async () => {
  world = await World.start({ repositories: slugs.map((slug) => ({ slug })) });
});

afterAll(async () => world.stop());

function permute<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length < 2) return [items];
  return items.flatMap((item, at) =>
    permute(items.filter((_, index) => index !== at)).map((rest) => [item, ...rest]),
  );
}

/** A diamond with a tail: core ← left, right; both ← top. */
function diamond(label: string): readonly Piece[] {
  const name = (part: string): string => `com.studio.${label}.${part}`;
  const needs = (...parts: readonly string[]): Record<string, string> =>
    Object.fromEntries(parts.map((part) => [name(part), '1.0.0']));
  return [
    { slug: slugs[0], name: name('core'), version: '1.0.0', dependencies: {} },
    { slug: slugs[1], name: name('left'), version: '1.0.0', dependencies: needs('core') },
    { slug: slugs[2], name: name('right'), version: '1.0.0', dependencies: needs('core', 'left') },
    { slug: slugs[3], name: name('top'), version: '1.0.0', dependencies: needs('right', 'core') },
  ];
}

async function expectOnceAndInOrder(pieces: readonly Piece[]): Promise<void> {
  await expect.poll(async () => listMissing(world, pieces), within).toEqual([]);
  await expect.poll(() => countLive(world), within).toBe(0);
  const order = uploadsAt(world).filter((name) => pieces.some((piece) => piece.name === name));
  expect(order).toEqual(pieces.map(({ name }) => name));
}

describe('four repositories whose versions need each other', () => {
  it.each(permute([0, 1, 2, 3]).map((order) => [order.join('-'), order] as const))(
    'all publish, each once and in order, whatever the order of their dispatches: %s',
    async (label, order) => {
      const pieces = diamond(`o${label.replaceAll('-', '')}`);
      for (const at of order) {
        const piece = pieces[at];
        if (piece !== undefined) await send(world, piece);
      }
      await expectOnceAndInOrder(pieces);
      for (const { name } of pieces) {
        const open = listHolds(world, name).filter(({ state }) => state !== 'settled');
        expect(open, name).toEqual([]);
      }
    },
  );
});
