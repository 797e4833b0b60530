import type { PublishRequest } from '../../publisher/operations/find-target.ts';
import { planPublish } from '../../publisher/operations/plan-publish.ts';
import { requestPublish } from '../../publisher/operations/request-publish.ts';
import type { Command } from '../interactions/command.ts';
import { completeRef, completeSubject, findTarget } from '../interactions/completions.ts';
import type { Asked, BotContext } from '../interactions/context.ts';
import { completedText, flag } from '../interactions/options.ts';
import { confirmButtons } from '../interactions/proposal.ts';
import { type Reply, say } from '../interactions/reply.ts';
import { wordQueued } from '../messages/queued.ts';
import { refuse } from '../messages/refusals.ts';
import { listWanted, renderPlan } from '../pages/plan.ts';
import { publishProposal } from '../proposals/publish.ts';
import { code } from '../text/text.ts';

export const publishCommand: Command = {
  access: 'operators',
  definition: {
    name: 'publish',
    description: 'Publish a package or everything that is missing of a repository',
    options: [
      completedText('package', 'Name of the package'),
      completedText('repository', 'owner/name: all of its packages that are not published yet'),
      completedText('ref', 'Branch, tag or commit; the head of the default branch when left out'),
      flag('dry_run', 'Only show what would happen'),
      flag('allow_lower', 'Let a version through that is below the latest one'),
    ],
  },
  run: async (context, asked) => {
    const { options } = asked;
    const target = findTarget(options.text('package'), options.text('repository'));
    if (target === undefined) return say('Name a `package` or a `repository`, one of both.');
    const request: PublishRequest = {
      target,
      ref: options.text('ref'),
      allowLower: options.flag('allow_lower'),
      by: asked.actor,
    };
    if (options.flag('dry_run')) return plan(context, asked, request);
    const answer = await context.ask(requestPublish, request);
    return answer.kind === 'queued' ? say(wordQueued(answer, context.links)) : refuse(answer);
  },
  complete: async (context, typing) =>
    typing.option === 'ref' ? completeRef(context, typing) : completeSubject(context, typing),
};

async function plan(context: BotContext, asked: Asked, request: PublishRequest): Promise<Reply> {
  const { target } = request;
  const subject = code(target.kind === 'package' ? target.name : target.slug, 220);
  const show = (how: string): void =>
    asked.show(say(`🧪 Working out what would happen to ${subject}${how} …`));
  show('');
  const answer = await context.ask(planPublish, request, asked.signal, (done, total) =>
    show(`: ${done} of ${total} packed and checked`),
  );
  if (answer.kind !== 'plan') return refuse(answer);
  const reply = renderPlan(answer, context.links, context.clock.now());
  if (listWanted(answer).length === 0) return reply;
  // The commit instead of the branch, so that exactly what was shown is published.
  const id = await publishProposal.propose(context, asked.actor, {
    target,
    ref: answer.commit,
    allowLower: request.allowLower,
  });
  return { ...reply, buttons: confirmButtons(id, 'Publish this') };
}
