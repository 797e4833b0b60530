import type { AttachedFile } from '../../ports/channel.ts';
import type { JobRetries } from '../../ports/job-retries.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Person } from '../person.ts';

/** Who pressed, as Discord says. */
export type Presser = Person;

export interface ButtonContext {
  readonly retries: JobRetries;
  readonly logger: Logger;
  /** Empty: everyone. */
  readonly retryRoleIds: readonly string[];
  readonly operatorRoleIds: readonly string[];
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
  press(context: ButtonContext, job: number, presser: Presser): Promise<Answer>;
}

/** Undefined when they may; else the sentence that says who may. */
export function whyNotAllowed(presser: Presser, context: ButtonContext): string | undefined {
  const { retryRoleIds, operatorRoleIds } = context;
  if (retryRoleIds.length === 0 || presser.canManageGuild) return undefined;
  const allowed = [...retryRoleIds, ...operatorRoleIds];
  if (presser.roleIds.some((role) => allowed.includes(role))) return undefined;
  return `You need Manage Server or ${retryRoleIds.map((role) => `<@&${role}>`).join(' or ')} to do that.`;
}
