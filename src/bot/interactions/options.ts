import {
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandSubcommandOption,
  ApplicationCommandOptionType as Type,
} from 'discord.js';

/** Discord's client does not send longer texts. */
const textMax = 300;

/** A text option with completion. */
export function completedText(name: string, description: string): APIApplicationCommandBasicOption {
  return { type: Type.String, name, description, max_length: textMax, autocomplete: true };
}

export function plainText(name: string, description: string): APIApplicationCommandBasicOption {
  return { type: Type.String, name, description, max_length: 2_000 };
}

export function oneOf(
  name: string,
  description: string,
  values: readonly string[],
): APIApplicationCommandBasicOption {
  const choices = values.map((value) => ({ name: value, value }));
  return { type: Type.String, name, description, choices };
}

/** A text option with fixed values, each shown by its label. */
export function oneOfLabelled(
  name: string,
  description: string,
  labels: Readonly<Record<string, string>>,
): APIApplicationCommandBasicOption {
  const choices = Object.entries(labels).map(([value, label]) => ({ name: label, value }));
  return { type: Type.String, name, description, choices };
}

export function completedNumber(name: string, description: string): APIApplicationCommandBasicOption {
  return { type: Type.Integer, name, description, min_value: 1, autocomplete: true };
}

export function flag(name: string, description: string): APIApplicationCommandBasicOption {
  return { type: Type.Boolean, name, description };
}

export function required(option: APIApplicationCommandBasicOption): APIApplicationCommandBasicOption {
  return { ...option, required: true };
}

export function subcommand(
  name: string,
  description: string,
  options: readonly APIApplicationCommandBasicOption[],
): APIApplicationCommandSubcommandOption {
  return { type: Type.Subcommand, name, description, options: [...options] };
}

/** The option that shows the answer to everybody instead of the asker alone. */
export const share = flag('share', 'Show the answer to everybody here');
