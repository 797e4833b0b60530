import type { ComponentHandler } from '../interactions/command.ts';
import { say } from '../interactions/reply.ts';
import { takeProposal } from './take-proposal.ts';

/** Drops a proposal without carrying it out. */
export const cancelProposalButton: ComponentHandler = {
  action: 'cancelproposal',
  access: 'operators',
  press: async (context, pressed) => {
    const taken = await takeProposal(context, pressed);
    if (taken.kind === 'refused') return taken.answer;
    await context.proposals.close(taken.id, 'cancelled');
    return { replace: say('Cancelled. Nothing was changed.') };
  },
};
