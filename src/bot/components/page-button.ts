import type { ComponentHandler } from '../command.ts';
import { findDriftList } from '../drift-list.ts';
import { buildDriftPage, parsePage } from '../drift-pages.ts';
import { olderVersion, tooOld } from '../embeds/proposals.ts';
import { wordRefusal } from '../embeds/refusals.ts';
import { say } from '../reply.ts';

/** Turns the pages of the list of unpublished packages, as it is by now. */
export const pageButton: ComponentHandler = {
  action: 'page',
  access: 'everyone',
  press: async (context, { id }) => {
    const wanted = parsePage(id);
    if (wanted === undefined) return olderVersion;
    const list = await findDriftList(context, wanted.list);
    if (list === undefined) return tooOld;
    const answer = await context.operations.listDrift(list.repository);
    if (answer.kind !== 'drift') return { aside: say(wordRefusal(answer)) };
    return { replace: buildDriftPage(answer, wanted.page, wanted.list, context.clock.now()) };
  },
};
