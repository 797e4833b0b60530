import type { AuditLog } from '../../ports/audit.ts';
import type { AttachedFile } from '../../ports/chat.ts';
import type { JobCancels, JobRetries } from '../../ports/jobs.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Actor, Operations } from '../../publisher/operations/operations.ts';
import type { Access, AccessRoles, Person } from '../interactions/person.ts';

/** Who pressed, as Discord says. */
export type Presser = Person;

export interface ButtonContext extends AccessRoles {
  readonly retries: JobRetries;
  readonly cancels: JobCancels;
  /** Gives up when the process stops. */
  readonly proposeFix: (job: number, by: Actor) => ReturnType<Operations['proposeFix']>;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly logger: Logger;
  /** A job and an announcement may wait. */
  readonly onRetried: () => void;
  /** The last log lines of a job, redacted, oldest first. */
  readonly recentLog: (job: number) => readonly string[];
}

/** Seen by the presser only. */
export interface Answer {
  readonly content: string;
  readonly files?: readonly AttachedFile[];
}

/** One kind of button: a new one is a new file and a line in the list. */
export interface ButtonHandler {
  /** The middle of its custom id. */
  readonly action: string;
  /** Checked before `press`; a refusal is audited. */
  readonly access: Access;
  press(context: ButtonContext, job: number, presser: Presser): Promise<Answer>;
}

/** Says why not; a refusal is worth a line in the audit trail. */
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
