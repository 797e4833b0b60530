import { type RuleLevel, ruleLevels } from '../../domain/package/rule-level.ts';
import type { RuleChanges } from '../../publisher/operations/rule-settings.ts';
import { listAdjustableRules } from '../../publisher/operations/rule-settings.ts';
import type { Choice, Typing } from '../interactions/command.ts';
import { splitTypedList } from '../interactions/typed-options.ts';
import { code } from '../text/text.ts';

const unset = 'default';
const levels: readonly string[] = [...ruleLevels, unset];
const rulesMax = 50;

export type TypedRules =
  | { readonly rules: RuleChanges | undefined }
  /** One sentence: what is wrong and what is expected. */
  | { readonly problem: string };

/** Reads rules such as `meta.missing=warn, changelog.entry=off`; `default` alone resets all of them. */
export function readRules(text: string | undefined): TypedRules {
  const items = splitTypedList(text?.replaceAll(/(?<!\s)\s*[=:]\s*/g, '='));
  if (items === undefined) return { rules: undefined };
  if (items.length === 1 && items[0] === unset) return { rules: unset };
  if (items.length > rulesMax) return { problem: `${items.length} rules are too many: at most ${rulesMax}.` };
  const pairs = items.map((item) => readPair(item));
  const bad = items[pairs.indexOf(undefined)];
  if (bad === undefined) return { rules: Object.fromEntries(pairs.filter((pair) => pair !== undefined)) };
  const example = code('meta.missing=warn', 40);
  return { problem: `${code(bad, 200)} sets no rule: write ${example}; ${levels.join(', ')} can be set.` };
}

function readPair(item: string): readonly [string, RuleLevel | 'default'] | undefined {
  const [id = '', level = '', ...rest] = item.split('=');
  if (!isLevel(level) || !/^[a-z0-9.-]{1,60}$/.test(id) || rest.length > 0) return undefined;
  return [id, level];
}

function isLevel(text: string): text is RuleLevel | 'default' {
  return levels.includes(text);
}

/** Completes the last rule being typed: first its name, then its level. */
export function completeRules({ typed }: Pick<Typing, 'typed'>): readonly Choice[] {
  const start = typed.lastIndexOf(',') + 1;
  const before = typed.slice(0, start).trim();
  const [id = '', level] = typed.slice(start).trim().split('=');
  const ends =
    level === undefined
      ? listAdjustableRules()
          .filter((known) => known.includes(id))
          .map((known) => `${known}=`)
      : levels.filter((known) => known.startsWith(level)).map((known) => `${id}=${known}`);
  return ends.map((end) => {
    const value = before === '' ? end : `${before} ${end}`;
    return { name: value, value };
  });
}
