/** What settings are read for; `audit` and `restore` need none but the folders. */
export type Purpose = 'service' | 'publish-once' | 'doctor' | 'audit' | 'restore';

/** One environment variable, as docs/settings.md shows it and as a problem names it. */
export interface Setting {
  readonly name: string;
  /** As it would be written in the environment. */
  readonly default?: string;
  /** What does not start without it. */
  readonly required?: readonly Purpose[];
  /** Also readable as `<NAME>_FILE`; its value is never shown. */
  readonly secret?: true;
  /** Completes "expected …". */
  readonly expects: string;
  readonly meaning: string;
}

/** Commands that do one thing need neither the bot nor the list of repositories. */
export function isForService(purpose: Purpose): boolean {
  return purpose === 'service' || purpose === 'doctor';
}
