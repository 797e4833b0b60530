import { fixModes, publishModes, repositoryStatuses } from '../../domain/repository/repository.ts';
import type { RepositorySettings } from '../../publisher/operations/repository-settings.ts';
import { splitTypedList, type TypedOptions } from '../interactions/typed-options.ts';
import { code } from '../text/text.ts';
import { readRules } from './rules.ts';

const listMax = 50;
/** A branch name that git accepts, or a pattern with `*`: no spaces, no `..`, no leading `-` or `/`. */
const branchPattern = /^(?![-/])(?!.*(?:\.\.|\/\/|@\{))[A-Za-z0-9._/+*@#-]{1,255}$/;
const scopePattern = /^[a-z0-9][-._a-z0-9]{0,213}$/;

/** The word that resets a list to its default. */
const unset = 'default';

export type TypedSettings =
  | { readonly settings: RepositorySettings }
  /** One sentence: what is wrong and what is expected. */
  | { readonly problem: string };

/** Reads the typed branches, scopes, status, mode, fixes and rules. */
export function readSettings(options: TypedOptions): TypedSettings {
  const branches = readList('branches', options, branchPattern);
  const scopes = readList('scopes', options, scopePattern);
  const status = readWord('status', options, repositoryStatuses);
  const mode = readWord('mode', options, publishModes);
  const fixes = readWord('fixes', options, fixModes);
  const problem = [branches, scopes, status, mode, fixes].find((part) => part.problem !== undefined)?.problem;
  if (problem !== undefined) return { problem };
  const typed = readRules(options.text('rules'));
  if ('problem' in typed) return typed;
  const rules = typed.rules === undefined ? {} : { rules: typed.rules };
  return {
    settings: { ...branches.part, ...scopes.part, ...status.part, ...mode.part, ...fixes.part, ...rules },
  };
}

interface TypedPart<Part> {
  /** Empty when the option was left out. */
  readonly part?: Part;
  readonly problem?: string;
}

const expected = {
  branches: 'is no branch: write names or patterns such as `release/*`, with commas.',
  scopes: 'is no scope: write prefixes of package names such as `com.studio`, with commas.',
} as const;

function readList<Name extends keyof typeof expected>(
  name: Name,
  options: TypedOptions,
  pattern: RegExp,
): TypedPart<{ readonly [N in Name]?: readonly string[] }> {
  const items = splitTypedList(options.text(name));
  if (items === undefined) return {};
  if (items.length === 1 && items[0] === unset) return toPart(name, []);
  const bad = items.find((item) => !pattern.test(item));
  if (bad !== undefined) return { problem: `${code(bad, 200)} ${expected[name]}` };
  if (items.length > listMax) return { problem: `${items.length} ${name} are too many: at most ${listMax}.` };
  return toPart(name, items);
}

function readWord<Name extends 'status' | 'mode' | 'fixes', Word extends string>(
  name: Name,
  options: TypedOptions,
  words: readonly Word[],
): TypedPart<{ readonly [N in Name]?: Word }> {
  const text = options.text(name);
  if (text === undefined) return {};
  const word = words.find((known) => known === text);
  return word === undefined
    ? {
        problem: `${code(text, 200)} is no ${name === 'fixes' ? 'way to fix' : name}: ${words.join(', ')} are.`,
      }
    : toPart(name, word);
}

function toPart<Name extends string, Value>(
  name: Name,
  value: Value,
): TypedPart<{ readonly [N in Name]?: Value }> {
  return { part: { [name]: value } as { readonly [N in Name]?: Value } };
}
