import type { Actor } from '../../domain/job/actor.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Suggestions } from '../../ports/memory.ts';
import type { Proposals } from '../../ports/repositories.ts';
import type { JobSchedule } from '../../ports/schedule.ts';
import type { Ask } from '../../publisher/operations/core.ts';
import type { Links } from '../messages/look.ts';
import type { AccessRoles, Person } from './person.ts';
import type { Reply } from './reply.ts';

/** What commands, buttons and menus work with. */
export interface BotContext {
  /** Runs a use case of the publisher. */
  readonly ask: Ask;
  readonly suggestions: Suggestions;
  readonly proposals: Proposals;
  readonly schedule: JobSchedule;
  /** Returns the last log lines of a job, redacted, oldest first. */
  readonly recentLog: (job: number) => readonly string[];
  readonly links: Links;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly guild: Guild;
  /** Aborts when the process stops; pending answers then say so. */
  readonly stopping: AbortSignal;
}

/** The one Discord server that is answered, and its roles. */
export interface Guild extends AccessRoles {
  readonly guildId: string;
}

/** The person who asked, and the means to answer them. */
export interface Asked {
  readonly person: Person;
  readonly actor: Actor;
  /** Aborts when the answer would come too late, or the process stops. */
  readonly signal: AbortSignal;
  /** Shows progress, at most every two seconds; calls in between are dropped. */
  readonly show: (reply: Reply) => void;
}
