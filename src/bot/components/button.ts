import type { AuditLog } from '../../ports/audit.ts';
import type { AttachedFile } from '../../ports/chat.ts';
import type { JobCancels, JobRetries } from '../../ports/jobs.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Actor, Operations } from '../../publisher/operations/operations.ts';
import type { Access, AccessRoles, Person } from '../interactions/person.ts';

/** The person who pressed, as Discord identifies them. */
export type Presser = Person;

export interface ButtonContext extends AccessRoles {
  readonly retries: JobRetries;
  readonly cancels: JobCancels;
  /** Gives up when the process stops. */
  readonly proposeFix: (job: number, by: Actor) => ReturnType<Operations['proposeFix']>;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly logger: Logger;
  /** Called after a retry: a job may be runnable and an announcement may be pending. */
  readonly onRetried: () => void;
  /** The last log lines of a job, redacted, oldest first. */
  readonly recentLog: (job: number) => readonly string[];
}

/** An answer that only the presser sees. */
export interface Answer {
  readonly content: string;
  readonly files?: readonly AttachedFile[];
}

/** One kind of button. To add one, add a file and a line in `components/index.ts`. */
export interface ButtonHandler {
  /** The middle of its custom id. */
  readonly action: string;
  /** Checked before `press`; refusals are written to the audit trail. */
  readonly access: Access;
  press(context: ButtonContext, job: number, presser: Presser): Promise<Answer>;
}

/** Records a refused press in the audit trail and returns the sentence that says why. */
export async function refusePress(
  context: Pick<ButtonContext, 'audit' | 'logger'>,
  presser: Pick<Presser, 'userId'>,
  subject: string,
  content: string,
): Promise<Answer> {
  const { userId } = presser;
  context.logger.warn('a press was refused', { user: userId, subject, why: content });
  const actor = `discord:${userId}`;
  await context.audit.append({ action: 'press-refused', actor, subject, facts: { why: content } });
  return { content };
}

/** The user behind `discord:<id>`, as jobs and the audit trail name people. */
export function userOf(actor: string): string | undefined {
  return /^discord:(\d{15,21})$/.exec(actor)?.[1];
}
