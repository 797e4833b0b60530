import type { Actor } from '../../domain/job/actor.ts';
import type { Uses } from './core.ts';

const longestAudited = 200;

/** Records in the audit trail that somebody tried what they may not; `why` is kept for presses at a job's message. */
export async function auditRefusal(
  { audit }: Uses<{ audit: 'log' }>,
  by: Actor,
  what: string,
  why?: string,
): Promise<void> {
  const subject = what.slice(0, longestAudited).toWellFormed();
  const about =
    why === undefined ? { action: 'refused', facts: {} } : { action: 'press-refused', facts: { why } };
  await audit.log.append({ ...about, actor: by, subject });
}
