import type { RESTPostAPIChatInputApplicationCommandsJSONBody } from 'discord.js';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Actor, Operations, Proposals, Suggestions } from '../../publisher/operations/operations.ts';
import type { Links } from '../messages/look.ts';
import type { Access, AccessRoles, Person } from './person.ts';
import type { Reply } from './reply.ts';
import type { TypedOptions } from './typed-options.ts';

/** What commands and their components need. */
export interface AskContext extends AccessRoles {
  readonly operations: Operations;
  readonly suggestions: Suggestions;
  readonly proposals: Proposals;
  readonly links: Links;
  readonly clock: Clock;
  readonly logger: Logger;
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

/** One completion of the option being typed. */
export interface Choice {
  readonly name: string;
  readonly value: string | number;
}

export interface Typing {
  /** Name of the option being typed. */
  readonly option: string;
  readonly typed: string;
  /** The options typed so far. */
  readonly options: TypedOptions;
}

/** A slash command. To add one, add a file and a line in `commands/index.ts`. */
export interface Command {
  readonly definition: RESTPostAPIChatInputApplicationCommandsJSONBody;
  /** Checked before `run`; refusals are written to the audit trail. */
  readonly access: Access;
  run(context: AskContext, asked: Asked & { readonly options: TypedOptions }): Promise<Reply>;
  /** At most 25 choices are shown; those that do not fit are left out. */
  complete?(context: AskContext, typing: Typing): Promise<readonly Choice[]>;
}

/** A press of a component of an answer; `id` is described in `components/custom-id.ts`. */
export interface Pressed extends Asked {
  readonly id: string;
  /** The values chosen in a menu. */
  readonly values: readonly string[];
}

/** The result of a press: a replaced message, a message for the presser alone, or both. */
export interface PressAnswer {
  readonly replace?: Reply;
  readonly aside?: Reply;
}

/** A button or menu of an answer. To add one, add a file and a line in `components/index.ts`. */
export interface ComponentHandler {
  /** The middle of its custom id. */
  readonly action: string;
  readonly access: Access;
  press(context: AskContext, pressed: Pressed): Promise<PressAnswer>;
}
