import type { Config, Secrets } from '../../config/load-config.ts';

/** One line of the doctor's report. */
export interface Finding {
  readonly state: 'ok' | 'note' | 'problem';
  readonly subject: string;
  readonly text: string;
  readonly remedy?: string;
}

/** Checks one thing; the signal ends it, and results after that are dropped. */
export type Check = (config: Config, secrets: Secrets, signal: AbortSignal) => Promise<readonly Finding[]>;

export const ok = (subject: string, text: string): Finding => ({ state: 'ok', subject, text });
export const note = (subject: string, text: string, remedy: string): Finding => ({
  state: 'note',
  subject,
  text,
  remedy,
});
export const problem = (subject: string, text: string, remedy: string): Finding => ({
  state: 'problem',
  subject,
  text,
  remedy,
});
