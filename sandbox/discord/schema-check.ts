import * as spec from 'discord-api-spec/zod';
import { type core, safeParse } from 'zod';
import type { FormProblem } from './api-error.ts';
import { isObject } from './json.ts';

/** A schema of Discord's published description of its API. */
export type Schema = core.$ZodType;
export { spec };

/** How a value breaks a schema. `unknown` lists members that the schema does not have. */
export interface SchemaReport {
  readonly problems: readonly FormProblem[];
  readonly unknown: readonly string[];
}

export function checkSchema(schema: Schema, value: unknown): SchemaReport {
  const result = safeParse(schema, value);
  if (!result.success)
    return { problems: result.error.issues.flatMap((issue) => explain(issue)), unknown: [] };
  // Compares the value with the result: the schemas drop members that they do not know.
  return { problems: [], unknown: unknownMembers(value, result.data, []) };
}

export function describeProblems(report: SchemaReport): string[] {
  return [
    ...report.problems.map(
      (problem) => `${problem.path.join('.') || 'body'}: ${problem.message} (${problem.code})`,
    ),
    ...report.unknown.map((path) => `${path}: not in the schema`),
  ];
}

/** Converts an issue. A union reports only "invalid", so its closest branch explains the problem. */
function explain(issue: core.$ZodIssue, above: readonly (string | number)[] = []): FormProblem[] {
  const path = [...above, ...issue.path.map((step) => (typeof step === 'number' ? step : String(step)))];
  if (issue.code === 'invalid_union') {
    const [closest] = [...issue.errors].sort((left, right) => wrongness(left) - wrongness(right));
    if (closest?.length) return closest.flatMap((inner) => explain(inner, path));
  }
  return [{ path, code: codeOf(issue), message: issue.message }];
}

/** Ranks a branch of a union: one that fails at its discriminating literal is the wrong branch. */
function wrongness(issues: readonly core.$ZodIssue[]): number {
  const literals = issues.filter((issue) => issue.code === 'invalid_value' && issue.path.length <= 1).length;
  return literals * 100 + issues.length;
}

function codeOf(issue: core.$ZodIssue): string {
  switch (issue.code) {
    case 'too_big':
      return issue.origin === 'number' ? 'NUMBER_TYPE_MAX' : 'BASE_TYPE_BAD_LENGTH';
    case 'too_small':
      return issue.origin === 'number' ? 'NUMBER_TYPE_MIN' : 'BASE_TYPE_BAD_LENGTH';
    case 'invalid_value':
      return 'BASE_TYPE_CHOICES';
    case 'invalid_type':
      return issue.message.includes('undefined') ? 'BASE_TYPE_REQUIRED' : 'MODEL_TYPE_CONVERT';
    default:
      return 'MODEL_TYPE_CONVERT';
  }
}

function unknownMembers(given: unknown, known: unknown, path: readonly string[]): string[] {
  if (Array.isArray(given) && Array.isArray(known)) {
    return given.flatMap((item, index) => unknownMembers(item, known[index], [...path, String(index)]));
  }
  if (!isObject(given) || !isObject(known)) return [];
  return Object.entries(given).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const here = [...path, name];
    return name in known ? unknownMembers(value, known[name], here) : [here.join('.')];
  });
}
