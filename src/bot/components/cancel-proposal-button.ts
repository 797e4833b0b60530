import type { Handler } from '../interactions/handler.ts';
import { say } from '../interactions/reply.ts';
import { takeProposal } from './take-proposal.ts';

/** Drops a proposal without carrying it out. */
export const cancelProposalButton: Handler = {
  action: 'cancelproposal',
  access: 'operators',
  of: 'answer',
  acknowledge: 'update',
  press: async (context, pressed) => {
    const taken = await takeProposal(context, pressed);
    if (taken.kind === 'refused') return taken.answer;
    await context.proposals.close(taken.id, 'cancelled');
    return { replace: say('Cancelled. Nothing was changed.') };
  },
};
