import { isHidden } from './asset-paths.ts';
import { readJsonObject } from './json-object.ts';

/** An assembly definition, as far as rules look at it. */
export interface Asmdef {
  /** Undefined when the file does not parse or names nothing. */
  readonly name: string | undefined;
  readonly hasIncludes: boolean;
  readonly hasExcludes: boolean;
}

export function readAsmdef(text: string): Asmdef {
  const fields = readJsonObject(text) ?? {};
  const { name } = fields;
  return {
    name: typeof name === 'string' && name !== '' ? name : undefined,
    hasIncludes: isFilled(fields['includePlatforms']),
    hasExcludes: isFilled(fields['excludePlatforms']),
  };
}

function isFilled(list: unknown): boolean {
  return Array.isArray(list) && list.length > 0;
}

/** No file system takes a longer one, and Unity makes a file of each. */
const longestName = 255;

/** The names of those that Unity compiles in every project, by path. */
export function visibleAssemblies({
  asmdefs,
}: {
  readonly asmdefs: ReadonlyMap<string, Asmdef>;
}): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [path, { name = '' }] of asmdefs) {
    if (name !== '' && name.length <= longestName && !isHidden(path)) names.set(path, name);
  }
  return names;
}
