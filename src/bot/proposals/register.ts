import { z } from 'zod';
import type { Actor } from '../../domain/job/actor.ts';
import { publishModes } from '../../domain/repository/repository.ts';
import { changeRepository } from '../../publisher/operations/change-repository.ts';
import type { RepositorySettings } from '../../publisher/operations/repository-settings.ts';
import { requestDispatcher } from '../../publisher/operations/request-dispatcher.ts';
import type { Asked, BotContext } from '../interactions/context.ts';
import { type CarriedOut, confirmButton, defineProposal } from '../interactions/proposal.ts';
import { say } from '../interactions/reply.ts';
import { refuse, wordRefusal } from '../messages/refusals.ts';
import { noteDispatcher, wordDispatcher } from '../pages/dispatcher.ts';
import { wordChanged } from '../pages/repository.ts';
import { dispatcherWishes } from '../register/dispatcher.ts';
import { publishProposal } from './publish.ts';

const shape = z.object({
  slug: z.string(),
  branches: z.array(z.string()).optional(),
  scopes: z.array(z.string()).optional(),
  mode: z.enum(publishModes).optional(),
  /** Number of packages that could be published when the repository was inspected. */
  missing: z.number(),
  dispatcher: z.enum(dispatcherWishes).default('none'),
});
type Payload = z.infer<typeof shape>;

/** Registers an inspected repository: at once, or through the pull request that adds its dispatcher. */
export const registerProposal = defineProposal('register', shape, async (context, payload, asked) =>
  payload.dispatcher === 'none'
    ? activate(context, payload, asked.actor)
    : openPullRequest(context, payload, asked),
);

function settingsOf({ branches, scopes, mode }: Payload): RepositorySettings {
  return {
    ...(branches === undefined ? {} : { branches }),
    ...(scopes === undefined ? {} : { scopes }),
    ...(mode === undefined ? {} : { mode }),
  };
}

/** Sets the repository to active, and offers to publish what is missing. */
async function activate(
  context: BotContext,
  payload: Payload,
  actor: Actor,
  before?: string,
): Promise<CarriedOut> {
  const settings = { status: 'active' as const, ...settingsOf(payload) };
  const answer = await context.ask(changeRepository, payload.slug, settings, actor);
  if (answer.kind !== 'changed') return { reply: refuse(answer), note: wordRefusal(answer) };
  const changed = wordChanged(answer, 'is registered');
  const sentence = before === undefined ? changed : `${before}\n${changed}`;
  if (payload.missing === 0) return { reply: say(sentence), note: 'registered' };
  const target = { kind: 'repository' as const, slug: answer.repository.slug };
  const next = await publishProposal.propose(context, actor, { target, allowLower: false });
  return { reply: say(sentence, confirmButton(next, 'Publish what is missing')), note: 'registered' };
}

/**
 * Opens the pull request. The merge sets the status; the other settings are saved now, because they shape the
 * dispatcher.
 */
async function openPullRequest(context: BotContext, payload: Payload, asked: Asked): Promise<CarriedOut> {
  const { ask, links } = context;
  const { actor, signal } = asked;
  const settled = await ask(changeRepository, payload.slug, settingsOf(payload), actor);
  if (settled.kind !== 'changed') return { reply: refuse(settled), note: wordRefusal(settled) };
  const request = { slug: settled.repository.slug, kind: 'add', by: actor } as const;
  const merge = payload.dispatcher === 'merge';
  const answer = await ask(requestDispatcher, { ...request, merge }, signal);
  if (answer.kind !== 'asked') return { reply: refuse(answer), note: wordRefusal(answer) };
  const sentence = wordDispatcher(answer, links);
  if (answer.answer.kind === 'nothing-to-change') return activate(context, payload, actor, sentence);
  return { reply: say(sentence), note: noteDispatcher(answer) };
}
