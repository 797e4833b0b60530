import { z } from 'zod';
import type { Actor } from '../../domain/job/actor.ts';
import type { Button } from '../../ports/chat.ts';
import { buildButton } from '../components/button.ts';
import type { Asked, BotContext } from './context.ts';
import type { Reply } from './reply.ts';

/** The result of a confirmed proposal. */
export interface CarriedOut {
  readonly reply: Reply;
  /** What somebody who presses second is told, such as `queued as #12`. */
  readonly note: string;
}

/** A kind of action that an operator must confirm; its payload is kept in the database. */
export interface ProposalKind {
  readonly name: string;
  /** Throws when the payload is not of this kind. */
  carryOut(context: BotContext, payload: unknown, asked: Asked): Promise<CarriedOut>;
}

/** Defines a kind of proposal; the payload is checked against `shape` when it is read from the database. */
export function defineProposal<Payload>(
  name: string,
  shape: z.ZodType<Payload>,
  carryOut: (context: BotContext, payload: Payload, asked: Asked) => Promise<CarriedOut>,
): ProposalKind & {
  /** Stores a proposal; returns its id for custom ids. */
  propose(context: BotContext, by: Actor, payload: Payload): Promise<number>;
} {
  return {
    name,
    carryOut: async (context, payload, asked) => carryOut(context, shape.parse(payload), asked),
    propose: async (context, by, payload) => context.proposals.add(name, by, payload),
  };
}

/** The buttons of a proposal. */
export function confirmButtons(
  id: number,
  label: string,
  style: 'primary' | 'danger' = 'primary',
): readonly Button[] {
  return [buildButton('confirm', id, label, { style }), buildButton('cancelproposal', id, 'Cancel')];
}

/** A button that only confirms, with no Cancel beside it. */
export function confirmButton(id: number, label: string): Button {
  return buildButton('confirm', id, label, { style: 'primary' });
}

export const targetShape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('package'), name: z.string() }),
  z.object({ kind: z.literal('repository'), slug: z.string() }),
]);
