import type { ValueSchema } from './values.ts';

/**
 * The commands that read settings. `audit`, `restore` and `register-commands` need only the folders; `repositories` also
 * needs to know the registry and the scopes.
 */
export type Purpose =
  | 'service'
  | 'publish-once'
  | 'doctor'
  | 'audit'
  | 'restore'
  | 'repositories'
  | 'register-commands';

/** One environment variable, as docs/settings.md and .env.example show it and as a problem names it. */
export interface Setting {
  readonly name: string;
  /** Parses its text; described with what a valid value is, which completes "expected …". */
  readonly schema: ValueSchema;
  /** The default, written as in the environment. */
  readonly default?: string;
  /** Shown in .env.example where there is no default. */
  readonly example?: string;
  /** The purposes that do not start without it. */
  readonly required?: readonly Purpose[];
  /** True where .env.example does not comment it out, though the process starts without it. */
  readonly suggested?: true;
  /** True for secrets, which can also be given as `<NAME>_FILE` and are never shown. */
  readonly secret?: true;
  readonly meaning: string;
}

/** Returns true for purposes that need the bot and the list of repositories; one-off commands need neither. */
export function isForService(purpose: Purpose): boolean {
  return purpose === 'service' || purpose === 'doctor';
}
