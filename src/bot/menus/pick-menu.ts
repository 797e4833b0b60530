import type { DriftRow } from '../../domain/package/drift.ts';
import type { Handler } from '../interactions/handler.ts';
import { confirmButtons } from '../interactions/proposal.ts';
import { say } from '../interactions/reply.ts';
import { findDriftList } from '../pages/drift-list.ts';
import { keyOfRow } from '../pages/drift-pages.ts';
import { publishManyProposal } from '../proposals/publish-many.ts';
import { code } from '../text/text.ts';

const namesShown = 10;

/** Asks to confirm publishing the packages chosen from the list. The list stays unchanged for others. */
export const pickMenu: Handler = {
  action: 'pick',
  access: 'operators',
  of: 'answer',
  acknowledge: 'update',
  press: async (context, { id, values, actor }) => {
    const listed = await findDriftList(context, id);
    if (listed.kind === 'refused') return listed.answer;
    const chosen = listed.answer.rows
      .filter((row) => row.isPublishable && values.includes(keyOfRow(row)))
      .toSorted((a, b) => (a.repository < b.repository ? -1 : 1));
    if (chosen.length === 0)
      return say('None of these can be published any more. Turn a page to see the list as it is now.');
    const names = chosen.map((row) => row.name);
    const proposal = await publishManyProposal.propose(context, actor, { names });
    return say(ask(chosen, values.length), ...confirmButtons(proposal, 'Publish'));
  },
};

function ask(chosen: readonly DriftRow[], picked: number): string {
  const names = chosen
    .slice(0, namesShown)
    .map((row) => `• ${code(row.name, 110)} ${code(row.headVersion ?? '', 40)}`);
  const more = chosen.length > namesShown ? [`+ ${chosen.length - namesShown} more`] : [];
  const gone = picked - chosen.length;
  const rest = gone > 0 ? [`${gone} of those you chose cannot be published any more.`] : [];
  const count = chosen.length === 1 ? '1 package' : `${chosen.length} packages`;
  return [`Publish ${count}?`, ...names, ...more, ...rest].join('\n');
}
