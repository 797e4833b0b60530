import type { ComponentHandler } from '../command.ts';
import { olderVersion, tooOld, wordUsed } from '../embeds/proposals.ts';
import { say } from '../reply.ts';
import { parseNumber } from './custom-id.ts';

/** Drops what was proposed. */
export const dismissButton: ComponentHandler = {
  action: 'dismiss',
  access: 'operators',
  press: async (context, pressed) => {
    const id = parseNumber(pressed.id);
    if (id === undefined) return olderVersion;
    const taken = await context.proposals.take(id, pressed.actor);
    if (taken === undefined) return tooOld;
    if (taken.kind === 'used') return { aside: say(wordUsed(taken)) };
    await context.proposals.close(id, 'cancelled');
    return { replace: say('Cancelled. Nothing was changed.') };
  },
};
