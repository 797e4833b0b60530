import type { Handler } from '../interactions/handler.ts';
import { findDriftList } from '../pages/drift-list.ts';
import { buildDriftPage } from '../pages/drift-pages.ts';

/** Turns the pages of the list of unpublished packages, with its current content. */
export const pageButton: Handler = {
  action: 'page',
  access: 'everyone',
  of: 'answer',
  acknowledge: 'update',
  press: async (context, { id }) => {
    const listed = await findDriftList(context, id);
    if (listed.kind === 'refused') return listed.answer;
    const { answer, place } = listed;
    return { replace: buildDriftPage(answer, place.page, place.list, context.clock.now()) };
  },
};
