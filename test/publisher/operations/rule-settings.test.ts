import { describe, expect, it } from 'vitest';
import {
  describeRuleChanges,
  findRuleProblem,
  listAdjustableRules,
  mergeRules,
} from '../../../src/publisher/operations/rule-settings.ts';

describe('the rules of a repository', () => {
  it('are changed one by one, and reset one by one or all at once', () => {
    const known = { 'meta.missing': 'warn', 'path.symlink': 'off' } as const;
    expect(mergeRules(known, { 'path.symlink': 'default', 'license.file': 'info' })).toEqual({
      'license.file': 'info',
      'meta.missing': 'warn',
    });
    expect(mergeRules(known, 'default')).toEqual({});
  });

  it('can be any rule but a gate, and a rule that no longer exists can still be reset', () => {
    for (const id of listAdjustableRules()) expect(findRuleProblem({ [id]: 'off' }, {})).toBeUndefined();
    for (const id of ['pack.secret', 'pack.secret-scan', 'lfs.pointer']) {
      expect(findRuleProblem({ [id]: 'off' }, {})?.facts).toMatchObject({
        problem: 'it is a gate, which nobody can switch off',
      });
    }
    expect(findRuleProblem({ 'old.rule': 'default' }, { 'old.rule': 'off' })).toBeUndefined();
  });

  it('that are misspelt are refused with the closest one', () => {
    expect(findRuleProblem({ 'meta.mising': 'warn' }, {})?.facts).toMatchObject({
      setting: 'rules',
      value: 'meta.mising',
      problem: 'there is no such rule; the closest is meta.missing',
    });
    expect(findRuleProblem(Object.fromEntries([['constructor', 'warn']]), {})?.facts).toMatchObject({
      problem: 'there is no such rule',
    });
  });

  it('are listed one by one when they change, and not when they do not', () => {
    const before = { 'meta.missing': 'warn', 'path.symlink': 'off' } as const;
    const after = { 'meta.missing': 'warn', 'license.file': 'info' } as const;
    expect(describeRuleChanges(before, after)).toEqual([
      'rule license.file: default → info',
      'rule path.symlink: off → default',
    ]);
  });
});
