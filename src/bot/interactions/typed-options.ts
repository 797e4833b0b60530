import type { CommandInteractionOption } from 'discord.js';

/** A command's options as typed: untrusted, and not always of the registered type. */
export interface TypedOptions {
  readonly subcommand: string | undefined;
  /** The trimmed text; undefined when left out or blank. */
  text(name: string): string | undefined;
  flag(name: string): boolean;
  /** Returns undefined unless it is a whole number above zero. */
  number(name: string): number | undefined;
}

const subcommandType = 1;

export function readTyped(data: readonly CommandInteractionOption[]): TypedOptions {
  const [first] = data;
  const subcommand = first?.type === subcommandType ? first : undefined;
  const options = subcommand === undefined ? data : (subcommand.options ?? []);
  const given = (name: string): unknown => options.find((option) => option.name === name)?.value;
  return {
    subcommand: subcommand?.name,
    text: (name) => {
      const value = given(name);
      const text = typeof value === 'string' ? value.trim() : '';
      return text === '' ? undefined : text;
    },
    flag: (name) => given(name) === true,
    number: (name) => {
      const value = Number(given(name));
      return Number.isSafeInteger(value) && value > 0 ? value : undefined;
    },
  };
}

/** Splits `com.a, com.b` and lists with spaces or line breaks; undefined when the option was left out. */
export function splitTypedList(text: string | undefined): readonly string[] | undefined {
  return text?.split(/[\s,]+/).filter((item) => item !== '');
}
