import { z } from 'zod';
import { removeRepository } from '../../publisher/operations/remove-repository.ts';
import { requestDispatcher } from '../../publisher/operations/request-dispatcher.ts';
import { defineProposal } from '../interactions/proposal.ts';
import { say } from '../interactions/reply.ts';
import { refuse, wordRefusal } from '../messages/refusals.ts';
import { wordDispatcherRemoval } from '../pages/dispatcher.ts';
import { wordChanged } from '../pages/repository.ts';

const shape = z.object({
  slug: z.string(),
  /** Also open the pull request that deletes its dispatcher. */
  deletesDispatcher: z.boolean().default(false),
});

/**
 * Removes a repository's registration. The pull request comes first: if GitHub is down, nothing is removed and it can
 * be asked for again.
 */
export const removeProposal = defineProposal('remove', shape, async (context, payload, asked) => {
  const { ask, links } = context;
  const { slug, deletesDispatcher } = payload;
  const { actor, signal } = asked;
  const sentences: string[] = [];
  if (deletesDispatcher) {
    const request = { slug, kind: 'remove', merge: false, by: actor } as const;
    const asking = await ask(requestDispatcher, request, signal);
    if (asking.kind !== 'asked') return { reply: refuse(asking), note: wordRefusal(asking) };
    sentences.push(wordDispatcherRemoval(asking, links));
  }
  const answer = await ask(removeRepository, slug, actor);
  if (answer.kind === 'not-found') return { reply: refuse(answer), note: wordRefusal(answer) };
  sentences.unshift(wordChanged(answer, 'is removed'));
  return { reply: say(sentences.join('\n')), note: 'removed' };
});
