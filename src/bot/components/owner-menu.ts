import type { ComponentHandler } from '../command.ts';
import { olderVersion, tooOld, wordUsed } from '../embeds/proposals.ts';
import { wordRefusal } from '../embeds/refusals.ts';
import { ownerKind, ownerShape } from '../owner-question.ts';
import { say } from '../reply.ts';
import { code } from '../text.ts';
import { parseNumber } from './custom-id.ts';

/** Gives a contested name to the repository that was chosen, once. */
export const ownerMenu: ComponentHandler = {
  action: 'owner',
  access: 'operators',
  press: async (context, { id, values, actor }) => {
    const question = parseNumber(id);
    if (question === undefined) return olderVersion;
    const taken = await context.proposals.take(question, actor);
    if (taken === undefined) return tooOld;
    if (taken.kind === 'used') return { aside: say(wordUsed(taken)) };
    if (taken.proposal !== ownerKind) return olderVersion;
    const { name, holders } = ownerShape.parse(taken.payload);
    const holder = holders[Number(values[0])];
    if (holder === undefined) return olderVersion;
    const answer = await context.operations.setOwner(name, holder, actor);
    const sentence =
      answer.kind === 'changed'
        ? `✅ ${code(name, 220)} belongs to ${code(holder, 200)} now. Press Retry to publish it.`
        : wordRefusal(answer);
    await context.proposals.close(
      question,
      answer.kind === 'changed' ? `it belongs to ${holder} now` : sentence,
    );
    return { aside: say(sentence) };
  },
};
