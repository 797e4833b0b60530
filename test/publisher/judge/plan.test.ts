import fc from 'fast-check';
import semver from 'semver';
import { describe, expect, it } from 'vitest';
import type { Integrity, Packument } from '../../../src/domain/package/packument.ts';
import { type Decision, type DecisionFacts, decide } from '../../../src/publisher/judge/plan.ts';

const bytes = (text: string): Integrity => `sha512-${text}` as Integrity;

function packumentOf(versions: readonly string[], integrity = bytes('other')): Packument {
  return {
    name: 'com.studio.core',
    versions: new Map(versions.map((version) => [version, { version, integrity }])),
    distTags: {},
    repositoryUrl: undefined,
  };
}

function decideFor(
  version: string,
  published: readonly string[],
  more: Partial<DecisionFacts> = {},
): Decision {
  return decide({
    version,
    commit: 'a'.repeat(40),
    job: 7,
    packument: published.length === 0 ? undefined : packumentOf(published),
    ownCopies: [],
    onDefaultBranch: true,
    allowLower: false,
    ...more,
  });
}

function summary(decision: Decision): string {
  if (decision.kind === 'publish') return `publish ${decision.distTag}`;
  if (decision.kind === 'reject') return decision.failure.reason;
  return decision.kind;
}

describe('decide', () => {
  const maintenance = { onDefaultBranch: false };
  it.each<[string, string[], Partial<DecisionFacts>, string]>([
    ['1.0.0', [], {}, 'publish latest'],
    ['1.0.1', ['1.0.0'], {}, 'publish latest'],
    ['1.0.0', ['1.0.0'], {}, 'skip'],
    ['0.9.0', ['1.0.0'], {}, 'version-not-increased'],
    ['0.9.0', ['1.0.0'], { allowLower: true }, 'publish release-0.9'],
    ['1.0.0-beta.1', [], {}, 'publish beta'],
    ['1.0.0-beta.1', ['1.0.0'], {}, 'version-not-increased'],
    ['1.1.0-beta.1', ['1.0.0'], {}, 'publish beta'],
    ['1.0.0-exp-3', ['0.9.0'], {}, 'publish exp-3'],
    ['1.1.0-latest.1', ['1.0.0'], {}, 'publish next'],
    ['1.1.0-0', ['1.0.0'], {}, 'publish next'],
    ['1.1.0-x', ['1.0.0'], {}, 'publish next'],
    ['1.1.0-v2', ['1.0.0'], {}, 'publish next'],
    ['1.0.0', ['1.0.0-beta.1'], {}, 'publish latest'],
    ['1.0.0', ['2.0.0-beta.1'], {}, 'publish latest'],
    ['1.0.6', ['1.0.5', '2.0.0'], maintenance, 'publish release-1.0'],
    ['1.0.6', ['1.0.5', '2.0.0'], {}, 'version-not-increased'],
    ['1.0.3', ['1.0.5', '2.0.0'], maintenance, 'version-not-increased'],
    ['1.1.0', ['1.0.5', '2.0.0'], maintenance, 'version-not-increased'],
    ['1.0.6-rc.1', ['1.0.5', '2.0.0'], maintenance, 'publish release-1.0-rc'],
    ['2.0.1', ['1.0.5', '2.0.0'], maintenance, 'publish latest'],
  ])('decides for %s over %j with %j: %s', (version, published, more, expected) => {
    expect(summary(decideFor(version, published, more))).toBe(expected);
  });

  it.each<[string, string[], Partial<DecisionFacts>, string]>([
    ['1.1.0-rc.2', ['1.0.0', '1.1.0-rc.5'], {}, 'publish superseded'],
    ['1.1.0-rc.2', ['1.1.0-rc.1', '2.0.0-rc.1'], {}, 'version-not-increased'],
    ['1.1.0-rc.2', ['1.0.0', '2.0.0-rc.1'], {}, 'publish release-1.1-rc'],
    ['1.1.0-rc.2', ['1.0.0', '1.1.0-beta.5', '2.0.0-beta.1'], {}, 'publish rc'],
    ['1.1.0-0', ['1.0.0', '1.1.0-3'], {}, 'publish superseded'],
    ['1.0.6-rc.2', ['1.0.5', '1.0.6-rc.5', '2.0.0'], maintenance, 'publish superseded'],
    ['1.0.6-rc.2', ['1.0.5', '1.0.6-beta.5', '2.0.0'], maintenance, 'publish release-1.0-rc'],
    ['1.0.3', ['1.0.5', '2.0.0'], { allowLower: true }, 'publish superseded'],
    ['1.1.0-rc.2', ['1.1.0-rc.5'], { allowLower: true }, 'publish superseded'],
  ])('%s over %j with %j takes no tag from what is higher: %s', (version, published, more, expected) => {
    expect(summary(decideFor(version, published, more))).toBe(expected);
  });

  it('takes no tag that somebody set to a higher version by hand', () => {
    const packument = { ...packumentOf(['1.0.0', '2.0.0-beta.1']), distTags: { rc: '2.0.0-beta.1' } };
    expect(summary(decideFor('1.1.0-rc.2', [], { packument }))).toBe('publish release-1.1-rc');
  });

  const copy = { integrity: bytes('ours'), commit: 'a'.repeat(40), job: 7, stored: false };

  it('recognizes our bytes on the registry as published by us, whatever the answer to the upload was', () => {
    const packument = packumentOf(['1.0.0'], bytes('ours'));
    expect(summary(decideFor('1.0.0', [], { packument, ownCopies: [copy] }))).toBe('published-by-us');
  });

  it('skips what an earlier job has already published', () => {
    const packument = packumentOf(['1.0.0'], bytes('ours'));
    const ownCopies = [{ ...copy, job: 3, stored: true }];
    expect(decideFor('1.0.0', [], { packument, ownCopies })).toMatchObject({
      kind: 'skip',
      note: expect.stringContaining('#3'),
    });
  });

  it('fails when the registry has other bytes for a commit that we published', () => {
    const packument = packumentOf(['1.0.0'], bytes('tampered'));
    const ownCopies = [{ ...copy, job: 3, stored: true }];
    expect(summary(decideFor('1.0.0', [], { packument, ownCopies }))).toBe('published-copy-differs');
  });

  it('never publishes a version again that we published and that is gone', () => {
    const ownCopies = [{ ...copy, job: 3, stored: true }];
    expect(summary(decideFor('1.0.0', ['0.9.0'], { ownCopies }))).toBe('withdrawn');
  });

  const stable = fc
    .tuple(fc.nat(5), fc.nat(5), fc.nat(5))
    .map(([major, minor, patch]) => `${major}.${minor}.${patch}`);
  const version = fc.oneof(
    stable,
    fc.tuple(stable, fc.constantFrom('alpha', 'beta.1', 'rc-2', '3')).map(([base, pre]) => `${base}-${pre}`),
  );

  it('gives `latest` only to a stable version above every stable one', () => {
    fc.assert(
      fc.property(
        version,
        fc.uniqueArray(version),
        fc.boolean(),
        fc.boolean(),
        (next, published, onDefaultBranch, allowLower) => {
          const decision = decideFor(next, published, { onDefaultBranch, allowLower });
          if (decision.kind !== 'publish' || decision.distTag !== 'latest') return;
          expect(semver.prerelease(next)).toBeNull();
          const stableOnes = published.filter((known) => semver.prerelease(known) === null);
          expect(stableOnes.filter((known) => !semver.gt(next, known))).toEqual([]);
        },
      ),
    );
  });

  it('never moves a tag of ours back, but that of what is superseded', () => {
    const settings = fc.record({
      onDefaultBranch: fc.boolean(),
      allowLower: fc.boolean(),
      superseded: fc.constantFrom(undefined, 'skip', 'backport'),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(version, settings), { maxLength: 8 }), (arriving) => {
        const tags: Record<string, string> = {};
        const published: string[] = [];
        for (const [next, { superseded, ...more }] of arriving) {
          const packument = { ...packumentOf(published), distTags: tags };
          const known = superseded === undefined ? more : { ...more, superseded };
          const decision = decideFor(next, [], { packument, ...known });
          if (decision.kind !== 'publish') continue;
          expect(stepsBack(tags, decision.distTag, next), `${decision.distTag} → ${next}`).toBe(false);
          tags[decision.distTag] = next;
          published.push(next);
        }
      }),
    );
  });

  function stepsBack(tags: Readonly<Record<string, string>>, tag: string, next: string): boolean {
    const before = tags[tag];
    return tag !== 'superseded' && before !== undefined && !semver.gt(next, before);
  }

  it('never gives a dist-tag that reads as a version range', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9A-Za-z-]{1,12}$/), (identifier) => {
        const next = `3.0.0-${identifier}`;
        fc.pre(semver.valid(next) === next);
        const decision = decideFor(next, ['2.0.0']);
        expect(decision.kind === 'publish' && semver.validRange(decision.distTag)).toBeNull();
      }),
    );
  });
});
