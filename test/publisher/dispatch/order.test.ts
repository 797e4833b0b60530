import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderByDependencies } from '../../../src/publisher/dispatch/order.ts';

const item = (name: string, dependencies: readonly string[]) => ({
  manifest: {
    name,
    version: '1.0.0',
    dependencies: Object.fromEntries(dependencies.map((dependency) => [dependency, '1.0.0'])),
    fields: {},
  },
});

describe('orderByDependencies', () => {
  it('puts dependencies first and keeps everything, for any acyclic graph', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(30), { maxLength: 5 }), { maxLength: 30 }), (graph) => {
        const items = graph.map((edges, index) =>
          item(
            `p${index}`,
            edges.filter((edge) => edge < index).map((edge) => `p${edge}`),
          ),
        );
        const names = orderByDependencies([...items].reverse()).map((packed) => packed.manifest.name);
        expect([...names].sort()).toEqual(items.map((packed) => packed.manifest.name).sort());
        for (const packed of items) {
          for (const dependency of Object.keys(packed.manifest.dependencies)) {
            expect(names.indexOf(dependency)).toBeLessThan(names.indexOf(packed.manifest.name));
          }
        }
      }),
    );
  });

  it('loses nothing in a cycle', () => {
    const names = orderByDependencies([item('a', ['b']), item('b', ['c']), item('c', ['a'])]).map(
      (one) => one.manifest.name,
    );
    expect(names.sort()).toEqual(['a', 'b', 'c']);
  });

  it('survives a chain of 100,000', () => {
    const chain = Array.from({ length: 100_000 }, (_, index) => item(`p${index}`, [`p${index + 1}`]));
    expect(orderByDependencies(chain)).toHaveLength(100_000);
  });
});
