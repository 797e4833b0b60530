import type { ComponentHandler } from '../command.ts';
import { olderVersion, tooOld, wordUsed } from '../embeds/proposals.ts';
import { wordActor } from '../person.ts';
import { proposalKinds } from '../proposals/index.ts';
import { say } from '../reply.ts';
import { parseNumber } from './custom-id.ts';

/** Carries out what was proposed, once: the second one who presses is told what the first one did. */
export const confirmButton: ComponentHandler = {
  action: 'confirm',
  access: 'operators',
  press: async (context, pressed) => {
    const id = parseNumber(pressed.id);
    if (id === undefined) return olderVersion;
    const taken = await context.proposals.take(id, pressed.actor);
    if (taken === undefined) return tooOld;
    if (taken.kind === 'used') return { aside: say(wordUsed(taken)) };
    const kind = proposalKinds.find(({ name }) => name === taken.proposal);
    if (kind === undefined) return olderVersion;
    pressed.show(say(`⏳ On it, ${wordActor(pressed.actor)} …`));
    try {
      const { reply, note } = await kind.carryOut(context, taken.payload, pressed);
      await context.proposals.close(id, note);
      return { replace: reply };
    } catch (error) {
      await context.proposals.close(id, 'it failed; run the command again');
      throw error;
    }
  },
};
