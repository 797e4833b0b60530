import type { Actor } from '../../publisher/operations/operations.ts';
import type { PressAnswer } from '../interactions/command.ts';
import { wordActor } from '../interactions/person.ts';
import { say } from '../interactions/reply.ts';
import { inert } from '../text/text.ts';

/** A custom id that this version does not know. */
export const olderVersion: PressAnswer = {
  aside: say('This button is from an older version. Run the command again.'),
};

export const tooOld: PressAnswer = { aside: say('This is older than a day. Run the command again.') };

/** For the second one who presses. Without a note the first press may have been cut off by a restart. */
export function wordUsed({ by, note }: { readonly by: Actor; readonly note: string }): string {
  const followed = note === '' ? 'what followed is not known yet; `/status` tells' : inert(note, 400);
  return `${wordActor(by)} pressed already: ${followed}.`;
}
