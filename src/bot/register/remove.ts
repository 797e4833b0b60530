import { describeRepository } from '../../publisher/operations/describe.ts';
import type { Command } from '../interactions/command.ts';
import { confirmButton, confirmButtons } from '../interactions/proposal.ts';
import { say } from '../interactions/reply.ts';
import { refuse } from '../messages/refusals.ts';
import { removeProposal } from '../proposals/remove.ts';
import { code } from '../text/text.ts';

/** Asks to confirm the removal of a repository's registration. */
export const removeRepository: Command['run'] = async (context, { options, actor }) => {
  const slug = options.text('repository');
  if (slug === undefined) return say('Say which repository.');
  const found = await context.ask(describeRepository, slug);
  if (found.kind !== 'repository') return refuse(found);
  const known = found.repository.slug;
  const id = await removeProposal.propose(context, actor, { slug: known, deletesDispatcher: false });
  const both = await removeProposal.propose(context, actor, { slug: known, deletesDispatcher: true });
  const count = found.drift.length;
  return say(
    `Remove ${code(known, 200)}? Its ${count === 1 ? 'package is' : `${count} packages are`} no longer published, ` +
      'its names are given back and its running jobs end. What is on the registry stays there. ' +
      'When it has a dispatcher, a pull request can delete that.',
    ...confirmButtons(id, 'Remove', 'danger'),
    confirmButton(both, 'Remove, and open the pull request'),
  );
};
