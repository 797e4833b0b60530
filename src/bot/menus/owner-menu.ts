import { setOwner } from '../../publisher/operations/set-owner.ts';
import { takeProposal } from '../components/take-proposal.ts';
import type { Handler } from '../interactions/handler.ts';
import { ownerKind, ownerShape } from '../interactions/owner-question.ts';
import { say } from '../interactions/reply.ts';
import { wordRefusal } from '../messages/refusals.ts';
import { olderVersion } from '../pages/proposals.ts';
import { code } from '../text/text.ts';

/** Makes the chosen repository the owner of a contested name, once. */
export const ownerMenu: Handler = {
  action: 'owner',
  access: 'operators',
  of: 'answer',
  acknowledge: 'update',
  press: async (context, pressed) => {
    const taken = await takeProposal(context, pressed);
    if (taken.kind === 'refused') return taken.answer;
    if (taken.proposal !== ownerKind) return olderVersion;
    const { name, holders } = ownerShape.parse(taken.payload);
    const holder = holders[Number(pressed.values[0])];
    if (holder === undefined) return olderVersion;
    const answer = await context.ask(setOwner, name, holder, pressed.actor);
    const sentence =
      answer.kind === 'changed'
        ? `✅ ${code(name, 220)} belongs to ${code(holder, 200)} now. Press Retry to publish it.`
        : wordRefusal(answer);
    await context.proposals.close(
      taken.id,
      answer.kind === 'changed' ? `it belongs to ${holder} now` : sentence,
    );
    return say(sentence);
  },
};
