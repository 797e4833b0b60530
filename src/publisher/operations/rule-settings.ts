import { type Failure, failure } from '../../domain/failure/failure.ts';
import { isGate } from '../../domain/package/finding.ts';
import type { RuleLevel, RuleLevels } from '../../domain/package/rule-level.ts';
import { findClosest } from '../../domain/text/closest.ts';
import { rules } from '../preflight/rules/index.ts';

/** What to set of some rules; `default` takes one back to its own severity, or all of them. */
export type RuleChanges = Readonly<Record<string, RuleLevel | 'default'>> | 'default';

const longestShown = 100;

/** Rules whose severity a repository may set, by id: all but the gates. */
export function listAdjustableRules(): readonly string[] {
  // Links are found in the commit, before there is a packed list for rules to look at.
  const ids = [...rules.map(({ id }) => id), 'path.symlink'];
  return [...new Set(ids)].filter((id) => !isGate(id)).toSorted();
}

export function mergeRules(known: RuleLevels, changes: RuleChanges): RuleLevels {
  if (changes === 'default') return {};
  const merged = new Map(Object.entries(known));
  for (const [id, level] of Object.entries(changes)) {
    if (level === 'default') merged.delete(id);
    else merged.set(id, level);
  }
  return Object.fromEntries([...merged].toSorted(([a], [b]) => a.localeCompare(b)));
}

/** Undefined when every rule is known and may be set. */
export function findRuleProblem(changes: RuleChanges, known: RuleLevels): Failure | undefined {
  if (changes === 'default') return undefined;
  const adjustable = listAdjustableRules();
  // A rule that is gone since may still be taken back.
  const bad = Object.keys(changes).find((id) => !adjustable.includes(id) && !Object.hasOwn(known, id));
  if (bad === undefined) return undefined;
  const value = bad.slice(0, longestShown).toWellFormed();
  return failure('setting-invalid', { setting: 'rules', value, problem: wordProblem(bad, adjustable) });
}

function wordProblem(id: string, adjustable: readonly string[]): string {
  if (isGate(id)) return 'it is a gate, which nobody can switch off';
  const closest = findClosest(id, adjustable);
  return closest === undefined ? 'there is no such rule' : `there is no such rule; the closest is ${closest}`;
}

/** One line for each rule that counts for something else now. */
export function describeRuleChanges(before: RuleLevels, after: RuleLevels): readonly string[] {
  const ids = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  return ids
    .filter((id) => before[id] !== after[id])
    .map((id) => `rule ${id}: ${before[id] ?? 'default'} → ${after[id] ?? 'default'}`);
}
