import type { RESTPostAPIChatInputApplicationCommandsJSONBody } from 'discord.js';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Actor, Operations, Proposals, Suggestions } from '../../publisher/operations/operations.ts';
import type { Links } from '../messages/look.ts';
import type { Access, AccessRoles, Person } from './person.ts';
import type { Reply } from './reply.ts';
import type { TypedOptions } from './typed-options.ts';

/** What commands and their components work with. */
export interface AskContext extends AccessRoles {
  readonly operations: Operations;
  readonly suggestions: Suggestions;
  readonly proposals: Proposals;
  readonly links: Links;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Somebody waits for an answer. */
export interface Asked {
  readonly person: Person;
  readonly actor: Actor;
  /** Aborts when the answer would come too late, or the process stops. */
  readonly signal: AbortSignal;
  /** Shows how far it is, at most every two seconds; what comes sooner is dropped. */
  readonly show: (reply: Reply) => void;
}

/** One value that completes what is being typed. */
export interface Choice {
  readonly name: string;
  readonly value: string | number;
}

export interface Typing {
  /** Name of the option that is being typed. */
  readonly option: string;
  readonly typed: string;
  /** The other options so far. */
  readonly options: TypedOptions;
}

/** A slash command: a new one is a new file and a line in the list. */
export interface Command {
  readonly definition: RESTPostAPIChatInputApplicationCommandsJSONBody;
  /** Checked before `run`; a refusal is audited. */
  readonly access: Access;
  run(context: AskContext, asked: Asked & { readonly options: TypedOptions }): Promise<Reply>;
  /** At most 25 are shown; those that do not fit are left out. */
  complete?(context: AskContext, typing: Typing): Promise<readonly Choice[]>;
}

/** What a component of an answer carries: see `components/custom-id.ts`. */
export interface Pressed extends Asked {
  readonly id: string;
  /** What was chosen in a menu. */
  readonly values: readonly string[];
}

/** What follows a press: the message becomes another one, the presser alone is told something, or both. */
export interface PressAnswer {
  readonly replace?: Reply;
  readonly aside?: Reply;
}

/** A button or menu of an answer: a new one is a new file and a line in the list. */
export interface ComponentHandler {
  /** The middle of its custom id. */
  readonly action: string;
  readonly access: Access;
  press(context: AskContext, pressed: Pressed): Promise<PressAnswer>;
}
