import { describe, expect, it } from 'vitest';
import type { TarballContents } from '../../../src/domain/package/tarball.ts';
import { compareContents } from '../../../src/domain/repository/shadow.ts';

function contents(files: Readonly<Record<string, string>>): TarballContents {
  return {
    files: Object.entries(files).map(([path, sha256]) => ({ path, bytes: sha256.length, sha256 })),
    manifest: files['package.json'],
  };
}

const ours = contents({
  'CHANGELOG.md': 'ours',
  'Runtime/A.cs': 'a',
  'package.json': '{"name":"com.studio.core","version":"1.0.0","unity":"2022.3"}',
});

describe('comparing what we would have published with what was published', () => {
  it('finds no difference between the same files in another archive', () => {
    const { files, manifest } = ours;
    expect(compareContents(ours, { files: files.toReversed(), manifest })).toEqual({ kind: 'same-files' });
  });

  it('names changed files, those of one side only, and the fields of package.json', () => {
    const manifest = '{"name":"com.studio.core","version":"1.0.0","scripts":{"test":"x"},"_id":"y"}';
    const theirs = contents({ 'CHANGELOG.md': 'theirs', 'package.json': manifest, '.env': 'z' });
    expect(compareContents(ours, theirs)).toEqual({
      kind: 'different',
      differences: {
        changed: { shown: ['package.json', 'CHANGELOG.md'], total: 2 },
        onlyThere: { shown: ['.env'], total: 1 },
        onlyOurs: { shown: ['Runtime/A.cs'], total: 1 },
        fields: { shown: ['_id', 'scripts', 'unity'], total: 3 },
      },
    });
  });

  it.each([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['nothing', undefined],
  ])('names only the file when a manifest contains %s', (_, manifest) => {
    const files = [{ path: 'package.json', bytes: 1, sha256: 'other' }];
    const compared = compareContents(ours, { files: [...ours.files.slice(0, 2), ...files], manifest });
    expect(compared).toMatchObject({
      differences: { changed: { shown: ['package.json'] }, fields: { total: 0 } },
    });
  });

  it('counts what it does not list', () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`f${index}`, 'x']));
    const compared = compareContents(contents({}), contents(many));
    if (compared.kind !== 'different') throw new Error('they differ');
    expect(compared.differences.onlyThere.total).toBe(100);
    expect(compared.differences.onlyThere.shown).toHaveLength(30);
  });
});
