import { z } from 'zod';
import { publishModes } from '../../domain/repository.ts';
import { refuse, wordRefusal } from '../embeds/refusals.ts';
import { wordChanged } from '../embeds/repository.ts';
import { confirmButton, defineProposal } from '../proposal.ts';
import { say } from '../reply.ts';
import { publishProposal } from './publish.ts';

const shape = z.object({
  slug: z.string(),
  branches: z.array(z.string()).optional(),
  scopes: z.array(z.string()).optional(),
  mode: z.enum(publishModes).optional(),
  /** Packages that could be published when it was looked at. */
  missing: z.number(),
});

/** Sets a repository that was looked at to active, and offers to publish what is missing. */
export const registerProposal = defineProposal('register', shape, async (context, payload, { actor }) => {
  const { slug, branches, scopes, mode, missing } = payload;
  const settings = {
    status: 'active' as const,
    ...(branches === undefined ? {} : { branches }),
    ...(scopes === undefined ? {} : { scopes }),
    ...(mode === undefined ? {} : { mode }),
  };
  const answer = await context.operations.changeRepository(slug, settings, actor);
  if (answer.kind !== 'changed') return { reply: refuse(answer), note: wordRefusal(answer) };
  const sentence = wordChanged(answer, 'is registered');
  if (missing === 0) return { reply: say(sentence), note: 'registered' };
  const target = { kind: 'repository' as const, slug: answer.repository.slug };
  const next = await publishProposal.propose(context, actor, { target, allowLower: false });
  return { reply: say(sentence, confirmButton(next, 'Publish what is missing')), note: 'registered' };
});
