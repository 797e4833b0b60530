import { isObject, readJsonObject } from '../../../domain/text/json-object.ts';
import { isHidden } from './asset-paths.ts';

/** Longest name of an assembly: Unity makes a file of each, and no file system takes a longer name. */
const longestName = 255;

/** An assembly definition, as far as rules look at it. */
export interface Asmdef {
  /** Undefined when the file does not parse or names nothing. */
  readonly name: string | undefined;
  readonly hasIncludes: boolean;
  readonly hasExcludes: boolean;
  /** References as written: names, or `GUID:` with 32 digits. */
  readonly references: readonly string[];
  /** True when the assembly is compiled under a condition, or for tests only. */
  readonly isConditional: boolean;
  /** Packages whose presence sets a define. */
  readonly versionDefines: readonly string[];
}

export function readAsmdef(text: string): Asmdef {
  const fields = readJsonObject(text) ?? {};
  const { name } = fields;
  return {
    name: typeof name === 'string' && name !== '' ? name : undefined,
    hasIncludes: isFilled(fields['includePlatforms']),
    hasExcludes: isFilled(fields['excludePlatforms']),
    references: textsOf(fields['references']),
    isConditional: isFilled(fields['defineConstraints']) || isFilled(fields['optionalUnityReferences']),
    versionDefines: listOf(fields['versionDefines']).flatMap((item) =>
      isObject(item) ? textsOf([item['name']]) : [],
    ),
  };
}

/** Most list entries that are read: more than an assembly can have, and a limit for a hostile one. */
const listMax = 200;

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, listMax) : [];
}

function textsOf(value: unknown): readonly string[] {
  return listOf(value).filter(
    (item): item is string => typeof item === 'string' && item.length <= longestName,
  );
}

function isFilled(list: unknown): boolean {
  return Array.isArray(list) && list.length > 0;
}

/** Returns the names of the assemblies that Unity compiles in every project, by path. */
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
