import type { Actor } from '../../domain/job/actor.ts';
import { wordActor } from '../interactions/person.ts';
import { type Reply, say } from '../interactions/reply.ts';
import { inert } from '../text/text.ts';

/** The answer to a custom id that this version does not know. */
export const olderVersion: Reply = say('This button is from an older version. Run the command again.');

export const tooOld: Reply = say('This is older than a day. Run the command again.');

/** Words the answer for somebody who presses second. An empty note can mean that a restart cut off the first press. */
export function wordUsed({ by, note }: { readonly by: Actor; readonly note: string }): string {
  const followed = note === '' ? 'what followed is not known yet; `/status` tells' : inert(note, 400);
  return `${wordActor(by)} pressed already: ${followed}.`;
}
