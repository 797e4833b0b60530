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

/** One environment variable, as docs/settings.md shows it and as a problem names it. */
export interface Setting {
  readonly name: string;
  /** The default, written as in the environment. */
  readonly default?: string;
  /** The purposes that do not start without it. */
  readonly required?: readonly Purpose[];
  /** True for secrets, which can also be given as `<NAME>_FILE` and are never shown. */
  readonly secret?: true;
  /** What a valid value is; completes "expected …". */
  readonly expects: string;
  readonly meaning: string;
}

/** Returns true for purposes that need the bot and the list of repositories; one-off commands need neither. */
export function isForService(purpose: Purpose): boolean {
  return purpose === 'service' || purpose === 'doctor';
}
