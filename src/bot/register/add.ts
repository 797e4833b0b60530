import { scanRepository } from '../../publisher/operations/scan-repository.ts';
import type { Command } from '../interactions/command.ts';
import { confirmButtons } from '../interactions/proposal.ts';
import { say } from '../interactions/reply.ts';
import { refuse } from '../messages/refusals.ts';
import { renderScan } from '../messages/scan.ts';
import { registerProposal } from '../proposals/register.ts';
import { code } from '../text/text.ts';
import { dispatcherQuestions, readWish } from './dispatcher.ts';
import { readSettings } from './settings.ts';

/** Inspects a repository and asks to confirm its registration. */
export const addRepository: Command['run'] = async (context, asked) => {
  const address = asked.options.text('repository');
  if (address === undefined) return say('Say which repository: `owner/name`, or any address of it.');
  const typed = readSettings(asked.options);
  if ('problem' in typed) return say(typed.problem);
  const typedWish = readWish(asked.options);
  if ('problem' in typedWish) return say(typedWish.problem);
  asked.show(say(`🔎 Looking at ${code(address, 200)} …`));
  const answer = await context.ask(scanRepository, address, asked.actor, asked.signal);
  if (answer.kind !== 'scanned') return refuse(answer);
  const { branches, scopes, mode } = typed.settings;
  const dispatcher = typedWish.wish ?? (answer.hearsPushes ? 'none' : 'open');
  const id = await registerProposal.propose(context, asked.actor, {
    slug: answer.repository.slug,
    missing: answer.scan.packages.filter((row) => row.isPublishable).length,
    dispatcher,
    ...(branches === undefined ? {} : { branches: [...branches] }),
    ...(scopes === undefined ? {} : { scopes: [...scopes] }),
    ...(mode === undefined ? {} : { mode }),
  });
  const reply = renderScan(answer, context.links, context.clock.now());
  const question = `Shall ${code(answer.repository.slug, 200)} be published from now on?${dispatcherQuestions[dispatcher]}`;
  return { ...reply, content: question, buttons: confirmButtons(id, 'Confirm') };
};
