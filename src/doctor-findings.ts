/** One line of what the doctor says. */
export interface Finding {
  readonly state: 'ok' | 'note' | 'problem';
  readonly subject: string;
  readonly text: string;
  readonly remedy?: string;
}

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
