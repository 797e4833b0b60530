import type { Finding } from './report.ts';

/** The same of two findings of the same thing, however they are worded and rated. */
export function identityOf({ rule, file, subject }: Finding): string {
  return JSON.stringify([rule, file ?? null, subject ?? null]);
}
