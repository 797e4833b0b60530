import type { Asked, BotContext } from './context.ts';
import type { Filled, Form } from './form.ts';
import type { Access } from './person.ts';
import type { Reply } from './reply.ts';

/** A press of a button, or a choice in a menu. */
export interface Pressed extends Asked {
  /** The end of the custom id; see `components/custom-id.ts`. */
  readonly id: string;
  /** The values chosen in a menu. */
  readonly values: readonly string[];
}

/** A reply that only the presser sees, the message's new content, or a form. */
export type PressAnswer = Reply | { readonly replace: Reply } | Form;

/**
 * How Discord is answered within three seconds. `reply`: the presser sees that an answer is being made. `update`: nothing
 * is shown until the answer replaces the message or is sent beside it. `form`: by the form itself, so the handler must
 * read only the database, nothing slower.
 */
export type Acknowledgement = 'reply' | 'update' | 'form';

/** A button or menu. To add one, add a file and a line in `components/index.ts`. */
export interface Handler {
  /** The middle of its custom id, and of that of its form. */
  readonly action: string;
  /** Checked before `press` and again before `submit`; refusals are written to the audit trail. */
  readonly access: Access;
  /** `job`: it belongs to a job's message, its id is the job's number, and a refusal is audited as that job's. */
  readonly of: 'job' | 'answer';
  readonly acknowledge: Acknowledgement;
  press(context: BotContext, pressed: Pressed): Promise<PressAnswer>;
  /** Carries out the form that `press` opened. */
  submit?(context: BotContext, filled: Filled): Promise<Reply>;
}
