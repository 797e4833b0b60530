import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryOf } from '../../../src/domain/package/catalog.ts';
import {
  type DriftFacts,
  type DriftRow,
  decideDrift,
  orderDrift,
  summarizeDrift,
} from '../../../src/domain/package/drift.ts';
import type { Integrity, Packument } from '../../../src/domain/package/packument.ts';
import { decide } from '../../../src/publisher/judge/plan.ts';

function packumentOf(versions: readonly string[]): Packument {
  const integrity = 'sha512-theirs' as Integrity;
  return {
    name: 'com.studio.core',
    versions: new Map(versions.map((version) => [version, { version, integrity }])),
    distTags: {},
    repositoryUrl: undefined,
  };
}

function factsOf(head: string | undefined, published: readonly string[] | undefined): DriftFacts {
  return {
    headVersion: head,
    exclusion: undefined,
    registry:
      published === undefined
        ? { state: 'absent' }
        : {
            ...entryOf(packumentOf(published)),
            state: 'present',
            hasHead: published.includes(head ?? ''),
          },
    recordedOwner: undefined,
    ownership: { kind: 'ours' },
    holders: ['studio/one'],
    publishedByUs: false,
  };
}

describe('decideDrift', () => {
  it.each<[string, string[] | undefined, string, boolean]>([
    ['1.0.0', undefined, 'never-published', true],
    ['1.0.0', [], 'never-published', true],
    ['1.0.0', ['1.0.0'], 'equal', false],
    ['1.1.0', ['1.0.0'], 'ahead', true],
    ['1.0.0', ['1.1.0'], 'behind', false],
    ['1.0.0', ['1.0.0', '1.1.0'], 'behind', false],
    ['1.0.0', ['1.0.0', '2.0.0-beta.1'], 'equal', false],
    ['2.0.0-beta.1', ['1.0.0', '2.0.0-beta.1'], 'equal', false],
    ['2.0.0-beta.1', ['1.0.0', '2.0.0-beta.1', '2.0.0-beta.2'], 'behind', false],
    ['2.0.0-beta.3', ['1.0.0', '2.0.0-beta.2'], 'ahead', true],
    ['1.0.0-beta.1', ['1.0.0'], 'behind', false],
    ['1.0.0', ['2.0.0-beta.1'], 'ahead', true],
    ['1.0.6', ['1.0.5', '2.0.0'], 'behind', false],
  ])('answers for %s beside %j: %s', (head, published, kind, isPublishable) => {
    expect(decideDrift(factsOf(head, published))).toMatchObject({ kind, isPublishable });
  });

  const ahead = factsOf('1.1.0', ['1.0.0']);
  it.each<[string, Partial<DriftFacts>, string, string | undefined]>([
    ['a gate', { exclusion: 'It is marked "private"' }, 'excluded', 'It is marked "private"'],
    ['no version', { headVersion: undefined }, 'excluded', 'Its manifest has no version'],
    [
      'an owner that no longer holds it',
      { recordedOwner: { isThis: false, slug: 'studio/two' } },
      'excluded',
      'studio/two owns this name',
    ],
    [
      'an owner that holds it too',
      { recordedOwner: { isThis: false, slug: 'studio/two' }, holders: ['studio/one', 'studio/two'] },
      'duplicate-owner',
      'studio/two owns this name and holds it too',
    ],
    [
      'a contest',
      { ownership: { kind: 'contested', holders: 'it stands in a, b' } },
      'duplicate-owner',
      'It stands in a, b',
    ],
    [
      'two holders of a free name',
      { ownership: { kind: 'claim', how: 'first-publish' }, holders: ['studio/one', 'studio/two'] },
      'duplicate-owner',
      'It stands in studio/one, studio/two',
    ],
    [
      'a registry that was not asked',
      { registry: { state: 'unknown', why: 'HTTP 503' } },
      'unknown',
      'HTTP 503',
    ],
    ['a version that is gone', { publishedByUs: true }, 'withdrawn', '1.1.0 was published by us and is gone'],
  ])('publishes nothing because of %s', (_what, change, kind, detail) => {
    expect(decideDrift({ ...ahead, ...change })).toEqual({ kind, detail, isPublishable: false });
  });

  it('compares versions as usual when this repository is the recorded owner, whoever else has the name', () => {
    const owned = {
      recordedOwner: { isThis: true, slug: 'studio/one' },
      holders: ['studio/one', 'studio/two'],
    };
    expect(decideDrift({ ...ahead, ...owned })).toMatchObject({ kind: 'ahead', isPublishable: true });
  });

  const part = fc.integer({ min: 0, max: 3 });
  const version = fc
    .tuple(part, part, part, fc.option(fc.constantFrom('alpha', 'beta.1', 'beta.2', '0'), { nil: undefined }))
    .map(([a, b, c, pre]) => `${a}.${b}.${c}${pre === undefined ? '' : `-${pre}`}`);

  it('calls publishable exactly what a publish on the default branch would publish', () => {
    const seen = { yes: 0, no: 0 };
    fc.assert(
      fc.property(
        version,
        fc.uniqueArray(version, { maxLength: 8 }),
        fc.boolean(),
        (head, published, ours) => {
          const copies = ours
            ? [{ integrity: 'sha512-x' as Integrity, commit: 'a', job: 1, stored: true }]
            : [];
          const decision = decide({
            version: head,
            commit: 'b',
            job: 2,
            packument: published.length === 0 ? undefined : packumentOf(published),
            ownCopies: copies,
            onDefaultBranch: true,
            allowLower: false,
          });
          const drift = decideDrift({
            ...factsOf(head, published.length === 0 ? undefined : published),
            publishedByUs: ours,
          });
          seen[drift.isPublishable ? 'yes' : 'no']++;
          expect(drift.isPublishable).toBe(decision.kind === 'publish');
          expect(drift.kind === 'withdrawn').toBe(decision.kind === 'withdrawn');
        },
      ),
      { numRuns: 2_000 },
    );
    expect(seen.yes).toBeGreaterThan(100);
    expect(seen.no).toBeGreaterThan(100);
  });
});

function row(name: string, kind: DriftRow['kind'], repository = 'studio/one'): DriftRow {
  const blank = {
    path: name,
    headVersion: '1.0.0',
    latest: undefined,
    detail: undefined,
    checkedAt: undefined,
  };
  return { ...blank, repository, name, kind, isPublishable: false };
}

describe('a list of drift', () => {
  it('puts what is most urgent first, and lists a name of several repositories once', () => {
    const rows = [
      row('e', 'equal'),
      row('d', 'duplicate-owner'),
      row('d', 'duplicate-owner', 'studio/two'),
      row('b', 'ahead'),
      row('a', 'ahead'),
      row('w', 'withdrawn'),
    ];
    const ordered = orderDrift(rows);
    expect(ordered.map((item) => item.name)).toEqual(['w', 'a', 'b', 'd', 'e']);
    expect(summarizeDrift(ordered)).toMatchObject({ ahead: 2, 'duplicate-owner': 1, equal: 1, unknown: 0 });
  });
});
