import type { z } from 'zod';
import type { Purpose, Setting } from './setting.ts';
import { expectedOf, getSetting, type SecretName, type SettingName, type settings } from './settings.ts';

/** Secrets are read by secrets.ts, which never quotes their value. */
type ReadableName = Exclude<SettingName, SecretName>;
type Row<N extends ReadableName> = Extract<(typeof settings)[number], { readonly name: N }>;
type Output<S extends Setting> = z.output<S['schema']>;
type ValueOf<S extends Setting> = Output<S> | (S extends { readonly default: string } ? never : undefined);

/** Reads single settings; what is wrong with them is collected in `problems`. */
export interface Reader {
  readonly problems: string[];
  /**
   * Returns the value of the setting, or its default, or undefined. Text that its schema does not accept, or whose value
   * `isValid` rejects, is a problem; the default then takes its place.
   */
  readonly read: <N extends ReadableName>(
    name: N,
    isValid?: (value: Output<Row<N>>) => boolean,
  ) => ValueOf<Row<N>>;
  /** Reads a setting that is not in the main table. */
  readonly readRow: <S extends Setting>(setting: S) => ValueOf<S>;
}

export function buildReader(
  env: Readonly<Record<string, string | undefined>>,
  purpose: Purpose,
  problems: string[],
): Reader {
  const parse = (setting: Setting, isValid: (value: never) => boolean = () => true): unknown => {
    const { name, schema } = setting;
    const text = env[name]?.trim() ?? '';
    if (text !== '') {
      const { data } = schema.safeParse(text);
      if (data !== undefined && isValid(data as never)) return data;
      problems.push(`${name}: found ${quote(text)}; expected ${expectedOf(setting)}`);
    }
    if (setting.default !== undefined) return schema.parse(setting.default);
    if (text === '' && isRequired(setting, purpose))
      problems.push(`${name}: not set; expected ${expectedOf(setting)}`);
    return undefined;
  };
  return {
    problems,
    read: (name, isValid) => parse(getSetting(name), isValid) as never,
    readRow: (setting) => parse(setting) as never,
  };
}

export function isRequired({ required }: Setting, purpose: Purpose): boolean {
  return required?.includes(purpose) === true;
}

/** Quotes a bad value on one short line, without parts of URLs that may be secret. */
export function quote(text: string): string {
  const bare = text.replace(/\/\/[^/]*@/g, '//…@').replace(/[?#].*$/s, '?…');
  return JSON.stringify(bare.length > 80 ? `${bare.slice(0, 80)}…` : bare);
}
