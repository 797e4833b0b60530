import { describe, expect, it } from 'vitest';
import { identityOf, isGate } from '../../../src/domain/package/finding.ts';
import { rules } from '../../../src/publisher/preflight/rules/index.ts';
import { assetCases } from './asset-cases.ts';
import { fileCases } from './file-cases.ts';
import { manifestCases } from './manifest-cases.ts';
import { indexSample, judge } from './sample-package.ts';

const cases = [...assetCases, ...manifestCases, ...fileCases];

describe('the rule book', () => {
  it('finds nothing in a correct package', async () => {
    expect((await judge({})).findings).toEqual([]);
  });

  it.each(rules)('has cases for $id', ({ id }) => {
    expect(cases.map((known) => known.rule)).toContain(id);
  });

  it('gives each rule its own id, and sentences for the document of rules', () => {
    expect(new Set(rules.map((rule) => rule.id)).size).toBe(rules.length);
    const mute = rules.filter(
      ({ finds, why }) =>
        finds.length < 15 || why.length < 15 || `${finds}${why}`.includes('. ') || why.endsWith('.'),
    );
    expect(mute.map((rule) => rule.id)).toEqual([]);
  });

  it('names in the document the exception for each severity that a rule can have in its cases', () => {
    const undocumented = cases.filter(({ rule: id, finding }) => {
      const rule = rules.find((known) => known.id === id);
      return (
        finding.severity !== undefined && finding.severity !== rule?.severity && rule?.exception === undefined
      );
    });
    expect(undocumented).toEqual([]);
  });
});

describe('a preflight rule', () => {
  it.each(cases)('($rule) finds $what and says what to change', async ({ rule, trips, finding }) => {
    const { findings } = await judge(trips);
    const found = findings.find(
      (item) => item.rule === rule && (finding.severity === undefined || item.severity === finding.severity),
    );
    expect(found).toMatchObject({ rule, ...finding });
    expect(found?.message).toMatch(/^.{10,}[;:] ?\S.{5,}[^.]$/s);
  });

  it.each(cases)('($rule) accepts what is nearly $what', async ({ rule, nearly }) => {
    const { findings } = await judge(nearly);
    expect(findings.filter((item) => item.rule === rule)).toEqual([]);
  });

  const known = cases.filter(({ rule, isComparison }) => {
    return isComparison !== true && !isGate(rule);
  });

  it.each(known)(
    '($rule) finds $what in a version that was published before, as the same finding',
    async (item) => {
      const now = (await judge(item.trips)).findings.filter(({ rule }) => rule === item.rule);
      const before = (await indexSample(item.trips))?.findings ?? [];
      expect(before.map(identityOf)).toEqual(expect.arrayContaining(now.map(identityOf)));
    },
  );
});
