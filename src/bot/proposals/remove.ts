import { z } from 'zod';
import { refuse, wordRefusal } from '../embeds/refusals.ts';
import { wordChanged } from '../embeds/repository.ts';
import { defineProposal } from '../proposal.ts';
import { say } from '../reply.ts';

/** Takes a repository out of the list. */
export const removeProposal = defineProposal(
  'remove',
  z.object({ slug: z.string() }),
  async ({ operations }, { slug }, { actor }) => {
    const answer = await operations.removeRepository(slug, actor);
    if (answer.kind === 'not-found') return { reply: refuse(answer), note: wordRefusal(answer) };
    return { reply: say(wordChanged(answer, 'is removed')), note: 'removed' };
  },
);
