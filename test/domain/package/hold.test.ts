import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCircles, type Hold, pauseBetweenLooks } from '../../../src/domain/package/hold.ts';

/** Makes holds of version 1.0.0 by name, each with the names that it waits for. */
function holdsOf(awaits: Readonly<Record<string, readonly string[]>>): readonly Hold[] {
  return Object.entries(awaits).map(([name, needed], index) => ({
    id: index + 1,
    repository: `studio/${name}`,
    name,
    version: '1.0.0',
    job: index + 1,
    toldIn: index + 1,
    since: 0,
    awaits: needed.map((other) => ({ name: other, version: '1.0.0' })),
  }));
}

function circlesOf(awaits: Readonly<Record<string, readonly string[]>>): readonly (readonly string[])[] {
  return findCircles(holdsOf(awaits)).map((circle) => circle.map(({ name }) => name));
}

describe('circles of holds', () => {
  it('are found with all their members, beginning with the oldest', () => {
    expect(circlesOf({ a: ['b'], b: ['a'] })).toEqual([['a', 'b']]);
    expect(circlesOf({ c: ['d'], a: ['b'], d: ['a'], b: ['d', 'x'] })).toEqual([['a', 'b', 'd']]);
    expect(circlesOf({ a: ['a'] })).toEqual([['a']]);
  });

  it('are not chains, diamonds, or waits for another version', () => {
    expect(circlesOf({ a: ['b', 'c'], b: ['d'], c: ['d'], d: ['elsewhere'] })).toEqual([]);
    const [a, b] = holdsOf({ a: ['b'], b: ['a'] });
    if (a === undefined || b === undefined) throw new Error('two holds');
    expect(findCircles([a, { ...b, version: '2.0.0' }])).toEqual([]);
  });

  describe('among repositories that hold the same version', () => {
    /** The hold of `a` in two repositories, each with what it waits for, and one of `b` that waits for `a`. */
    function circlesWith(first: string, second: string): readonly (readonly string[])[] {
      const [one, two, b] = holdsOf({ a: [first], other: [second], b: ['a'] });
      if (one === undefined || two === undefined || b === undefined) throw new Error('three holds');
      const holds = [one, { ...two, name: 'a' }, b];
      return findCircles(holds).map((circle) => circle.map(({ id }) => `${id}`));
    }

    it('are found for each of them', () => {
      expect(circlesWith('b', 'b')).toEqual([
        ['1', '3'],
        ['2', '3'],
      ]);
    });

    it('are none while one of them may go on and bring it to all', () => {
      expect(circlesWith('b', 'elsewhere')).toEqual([]);
      expect(circlesWith('elsewhere', 'b')).toEqual([]);
    });
  });

  const names = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
  const graph = fc.record(
    Object.fromEntries(names.map((name) => [name, fc.uniqueArray(fc.constantFrom(...names))])),
  );

  it('exist exactly when some hold can never be released', () => {
    fc.assert(fc.property(graph, isFoundExactly));
  });

  function isFoundExactly(awaits: Readonly<Record<string, readonly string[]>>): void {
    const left = new Map(Object.entries(awaits));
    // Solves it as a person would: removes what waits for nothing that is left, until nothing can be removed.
    const isFree = (needed: readonly string[]): boolean => needed.every((other) => !left.has(other));
    for (let before = -1; before !== left.size; ) {
      before = left.size;
      for (const [name, needed] of left) if (isFree(needed)) left.delete(name);
    }
    expect(circlesOf(awaits).length > 0).toBe(left.size > 0);
  }

  it('lead from each member to the next, and from the last to the first', () => {
    fc.assert(
      fc.property(graph, (awaits) => {
        for (const circle of circlesOf(awaits)) {
          for (const [index, name] of circle.entries()) {
            expect(awaits[name]).toContain(circle[(index + 1) % circle.length]);
          }
          expect(new Set(circle).size).toBe(circle.length);
        }
      }),
    );
  });

  it('do not exhaust the stack, however long a chain is', () => {
    const chain = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, index) => [`n${index}`, [`n${index + 1}`]]),
    );
    expect(circlesOf(chain)).toEqual([]);
  });
});

describe('the pause between two looks at an awaited version', () => {
  it('is between 10 s and 10 min, and never shorter for a longer wait', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (a, b) => {
        const [less, more] = [pauseBetweenLooks(Math.min(a, b)), pauseBetweenLooks(Math.max(a, b))];
        expect(less).toBeGreaterThanOrEqual(10_000);
        expect(more).toBeLessThanOrEqual(600_000);
        expect(less).toBeLessThanOrEqual(more);
      }),
    );
  });
});
