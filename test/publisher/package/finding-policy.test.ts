import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/domain/job/report.ts';
import { identityOf, isGate, severityRank } from '../../../src/domain/package/finding.ts';
import { ruleLevels } from '../../../src/domain/package/rule-level.ts';
import {
  applyPolicy,
  type FindingPolicy,
  strictPolicy,
} from '../../../src/publisher/package/finding-policy.ts';

function finding(rule: string, extra: Partial<Finding> = {}): Finding {
  return {
    rule,
    severity: 'block',
    file: 'Runtime/A.cs',
    message: `change Runtime/A.cs (${rule})`,
    ...extra,
  };
}

const policy = (extra: Partial<FindingPolicy>): FindingPolicy => ({ ...strictPolicy, ...extra });

describe('a preflight finding', () => {
  it('keeps the severity of its rule when nothing else is set', () => {
    const found = [finding('meta.missing'), finding('size.tarball', { severity: 'warn' })];
    expect(applyPolicy(found, strictPolicy)).toEqual(found);
  });

  it('has the severity of the repository’s settings, and says so only when that is lower', () => {
    const found = [finding('meta.missing'), finding('changelog.entry', { severity: 'warn' })];
    const levels = { 'meta.missing': 'info', 'changelog.entry': 'block' } as const;
    expect(applyPolicy(found, policy({ levels }))).toEqual([
      { ...found[1], severity: 'block' },
      { ...found[0], severity: 'info', loweredBy: 'repository' },
    ]);
  });

  it('of a rule that is off is dropped', () => {
    expect(applyPolicy([finding('meta.missing')], policy({ levels: { 'meta.missing': 'off' } }))).toEqual([]);
  });

  it('that the previous version had already warns at most, whatever its sentence or its severity was', () => {
    const earlier = [finding('meta.missing', { message: 'worded otherwise', severity: 'warn', line: 3 })];
    const found = [finding('meta.missing'), finding('meta.missing', { file: 'Runtime/B.cs' })];
    expect(applyPolicy(found, policy({ earlier }))).toEqual([
      found[1],
      { ...found[0], severity: 'warn', loweredBy: 'ratchet' },
    ]);
  });

  it('of the same file about another asset identity is a new one', () => {
    const earlier = [finding('guid.churn', { subject: 'a'.repeat(32) })];
    const [counted] = applyPolicy([finding('guid.churn', { subject: 'b'.repeat(32) })], policy({ earlier }));
    expect(counted?.severity).toBe('block');
  });

  it('that an operator lets through in this version warns', () => {
    const [counted] = applyPolicy([finding('meta.missing')], policy({ anyway: true }));
    expect(counted).toMatchObject({ severity: 'warn', loweredBy: 'operator' });
  });
});

describe('a gate rule', () => {
  it('is not lowered by a setting, an earlier version or an operator', () => {
    const found = [finding('lfs.pointer'), finding('pack.secret', { fingerprint: 'one' })];
    const levels = { 'lfs.pointer': 'off', 'pack.secret': 'info' } as const;
    const lenient = { levels, earlier: found, anyway: true, allowedSecrets: new Set(['two']) };
    expect(applyPolicy(found, lenient)).toEqual(found);
  });

  it('of secrets lets exactly the allowed fingerprint pass', () => {
    const found = [
      finding('pack.secret', { fingerprint: 'one' }),
      finding('pack.secret', { fingerprint: 'two' }),
      finding('pack.secret'),
    ];
    const counted = applyPolicy(found, policy({ allowedSecrets: new Set(['one']) }));
    expect(counted.map(({ fingerprint, severity }) => [fingerprint, severity])).toEqual([
      ['two', 'block'],
      [undefined, 'block'],
      ['one', 'warn'],
    ]);
  });

  it('of pointers lets no fingerprint pass', () => {
    const found = [finding('lfs.pointer', { fingerprint: 'one' })];
    expect(applyPolicy(found, policy({ allowedSecrets: new Set(['one']) }))).toEqual(found);
  });
});

describe('whatever the findings and the policy', () => {
  const rule = fc.constantFrom(
    'meta.missing',
    'changelog.entry',
    'constructor',
    'lfs.pointer',
    'pack.secret',
  );
  const anyFinding: fc.Arbitrary<Finding> = fc.record(
    {
      rule,
      severity: fc.constantFrom('block', 'warn', 'info'),
      file: fc.constantFrom('a', 'b', 'c'),
      fingerprint: fc.constantFrom('one', 'two'),
      message: fc.string(),
    },
    { requiredKeys: ['rule', 'severity', 'message'] },
  );
  const findings = fc.array(anyFinding, { maxLength: 12 });
  const anyPolicy: fc.Arbitrary<FindingPolicy> = fc.record({
    levels: fc.dictionary(rule, fc.constantFrom(...ruleLevels)),
    earlier: fc.option(findings, { nil: undefined }),
    anyway: fc.boolean(),
    allowedSecrets: fc.uniqueArray(fc.constantFrom('one', 'two')).map((items) => new Set(items)),
  });
  const check = (body: (found: readonly Finding[], given: FindingPolicy) => void): void =>
    fc.assert(fc.property(findings, anyPolicy, body), { numRuns: 300 });

  it('nothing is invented, and only a rule that is off loses findings', () => {
    check((found, given) => {
      const kept = found.filter(({ rule: id }) => isGate(id) || given.levels[id] !== 'off');
      const counted = applyPolicy(found, given);
      expect(counted.map(identityOf).toSorted()).toEqual(kept.map(identityOf).toSorted());
    });
  });

  it('blocking ones come first', () => {
    check((found, given) => {
      const ranks = applyPolicy(found, given).map(({ severity }) => severityRank[severity]);
      expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    });
  });

  it('a finding that is lowered by a version or an operator blocked before and warns now', () => {
    check((found, given) => {
      const lowered = applyPolicy(found, { ...given, levels: {} }).filter(
        (item) => item.loweredBy !== undefined,
      );
      const wasBlocked = lowered.map((item) =>
        found.some((one) => identityOf(one) === identityOf(item) && one.severity === 'block'),
      );
      expect(wasBlocked).toEqual(lowered.map(() => true));
      expect(lowered.every(({ severity }) => severity === 'warn')).toBe(true);
    });
  });

  it('an operator’s exception leaves nothing blocking but gates', () => {
    check((found, given) => {
      const blocking = applyPolicy(found, { ...given, anyway: true }).filter(
        ({ severity }) => severity === 'block',
      );
      expect(blocking.every(({ rule: id }) => isGate(id))).toBe(true);
    });
  });

  it('applying the policy twice changes nothing', () => {
    check((found, given) => {
      const once = applyPolicy(found, given);
      expect(applyPolicy(once, given).map(({ severity }) => severity)).toEqual(
        once.map(({ severity }) => severity),
      );
    });
  });
});
