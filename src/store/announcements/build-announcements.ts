import type { StoreContext } from '../engine/context.ts';
import { buildAnnouncedNews } from './announced-news.ts';
import { buildOutbox } from './outbox.ts';
import { buildThreadMessages } from './thread-messages.ts';

/** The parts of the store that belong to this folder, under the names that the store gives them. */
export function buildAnnouncementsParts(context: StoreContext) {
  return {
    outbox: buildOutbox(context),
    threadMessages: buildThreadMessages(context),
    announced: buildAnnouncedNews(context),
  };
}
