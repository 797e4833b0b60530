import { z } from 'zod';
import { requestPublish } from '../../publisher/operations/request-publish.ts';
import { defineProposal, targetShape } from '../interactions/proposal.ts';
import { say } from '../interactions/reply.ts';
import { wordQueued } from '../messages/queued.ts';
import { refuse, wordRefusal } from '../messages/refusals.ts';

const shape = z.object({
  target: targetShape,
  ref: z.string().optional(),
  allowLower: z.boolean(),
});

/** Publishes what a dry run or a scan showed. */
export const publishProposal = defineProposal('publish', shape, async (context, payload, asked) => {
  const { target, ref, allowLower } = payload;
  const answer = await context.ask(requestPublish, { target, ref, allowLower, by: asked.actor });
  if (answer.kind !== 'queued') return { reply: refuse(answer), note: wordRefusal(answer) };
  return { reply: say(wordQueued(answer, context.links)), note: `queued as #${answer.job}` };
});
