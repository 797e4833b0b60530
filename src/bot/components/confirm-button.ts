import type { Handler } from '../interactions/handler.ts';
import { wordActor } from '../interactions/person.ts';
import { say } from '../interactions/reply.ts';
import { olderVersion } from '../pages/proposals.ts';
import { proposalKinds } from '../proposals/index.ts';
import { takeProposal } from './take-proposal.ts';

/** Carries out a proposal, once: whoever presses second is told what the first press did. */
export const confirmButton: Handler = {
  action: 'confirm',
  access: 'operators',
  of: 'answer',
  acknowledge: 'update',
  press: async (context, pressed) => {
    const taken = await takeProposal(context, pressed);
    if (taken.kind === 'refused') return taken.answer;
    const kind = proposalKinds.find(({ name }) => name === taken.proposal);
    if (kind === undefined) return olderVersion;
    pressed.show(say(`⏳ On it, ${wordActor(pressed.actor)} …`));
    try {
      const { reply, note } = await kind.carryOut(context, taken.payload, pressed);
      await context.proposals.close(taken.id, note);
      return { replace: reply };
    } catch (error) {
      await context.proposals.close(taken.id, 'it failed; run the command again');
      throw error;
    }
  },
};
