import { expect, it } from 'vitest';
import { largePackage } from '../../../sandbox/large-package.ts';
import { judge, name, version } from './sample-package.ts';

/** Tests that what holds for a small package holds for a large one. */
export function itHoldsForPackagesOf(files: number): void {
  const large = largePackage(name, version, files) as Readonly<Record<string, string>>;

  it(`finds nothing in ${files} files of a correct package`, async () => {
    const { findings, packed } = await judge({ bare: large });
    expect(packed.entries.length).toBeGreaterThanOrEqual(Math.max(files, 10));
    expect(findings).toEqual([]);
  });

  it(`finds a few needles among ${files} files, and nothing else`, async () => {
    const { findings } = await judge({
      bare: {
        ...large,
        'Runtime/Broken.cs': '<<<<<<< HEAD\n',
        'Runtime/Broken.cs.meta': large['Runtime/Example.cs.meta'],
        'Runtime/Lone.cs': 'class Lone { }\n',
        'Runtime/Gone.cs.meta': 'fileFormatVersion: 2\nguid: 1f3c9d7a5be84c02a6d10e9b4f7758c3\n',
      },
    });
    expect(findings.map(({ rule, file }) => `${rule} ${file}`)).toEqual([
      'meta.missing Runtime/Lone.cs',
      'guid.duplicate-in-package Runtime/Example.cs.meta',
      'text.conflict-marker Runtime/Broken.cs',
      'meta.orphan Runtime/Gone.cs.meta',
    ]);
  });

  it(`lists at most 500 of ${files} findings of a rule, and how many more there are`, async () => {
    const metaless = Object.fromEntries(
      Object.entries(large).map(([path, text]) => [path, path.endsWith('.meta') ? undefined : text]),
    );
    const { findings } = await judge({ bare: metaless });
    const missing = findings.filter(({ rule }) => rule === 'meta.missing');
    const rest = missing.filter(({ file }) => file === undefined);
    expect(missing.length - rest.length).toBe(Math.min(500, countAssets(large)));
    const { length: more } = rest.filter(({ message }) =>
      /^\d+ more findings of meta\.missing/.test(message),
    );
    expect(more).toBe(countAssets(large) <= 500 ? 0 : 1);
  });
}

/** Counts the files and folders that Unity imports. */
function countAssets(files: Readonly<Record<string, string>>): number {
  return Object.keys(files).filter((path) => path.endsWith('.meta')).length;
}
