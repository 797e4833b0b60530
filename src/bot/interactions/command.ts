import type { RESTPostAPIChatInputApplicationCommandsJSONBody } from 'discord.js';
import type { Asked, BotContext } from './context.ts';
import type { Access } from './person.ts';
import type { Reply } from './reply.ts';
import type { TypedOptions } from './typed-options.ts';

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
  run(context: BotContext, asked: Asked & { readonly options: TypedOptions }): Promise<Reply>;
  /** At most 25 choices are shown; those that do not fit are left out. */
  complete?(context: BotContext, typing: Typing): Promise<readonly Choice[]>;
}
