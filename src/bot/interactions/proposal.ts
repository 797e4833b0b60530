import { z } from 'zod';
import type { Button } from '../../ports/chat.ts';
import type { Actor } from '../../publisher/operations/operations.ts';
import { buildComponentId } from '../components/custom-id.ts';
import type { AskContext, Asked } from './command.ts';
import type { Reply } from './reply.ts';

/** What followed a confirmation. */
export interface CarriedOut {
  readonly reply: Reply;
  /** For the second one who presses: `queued as #12`. */
  readonly note: string;
}

/** Something that waits for a confirmation by an operator; what it needs lies in the database as its payload. */
export interface ProposalKind {
  readonly name: string;
  /** Throws when the payload is not of this kind. */
  carryOut(context: AskContext, payload: unknown, asked: Asked): Promise<CarriedOut>;
}

/** A kind with a payload of the given shape, which is checked when it comes back from the database. */
export function defineProposal<Payload>(
  name: string,
  shape: z.ZodType<Payload>,
  carryOut: (context: AskContext, payload: Payload, asked: Asked) => Promise<CarriedOut>,
): ProposalKind & {
  /** Keeps it; its id goes into custom ids. */
  propose(context: AskContext, by: Actor, payload: Payload): Promise<number>;
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
  return [
    { kind: 'action', id: buildComponentId('confirm', id), label, style, disabled: false },
    {
      kind: 'action',
      id: buildComponentId('cancelproposal', id),
      label: 'Cancel',
      style: 'secondary',
      disabled: false,
    },
  ];
}

/** One that leads somewhere without a way back. */
export function confirmButton(id: number, label: string): Button {
  return { kind: 'action', id: buildComponentId('confirm', id), label, style: 'primary', disabled: false };
}

export const targetShape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('package'), name: z.string() }),
  z.object({ kind: z.literal('repository'), slug: z.string() }),
]);
