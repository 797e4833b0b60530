import type { StoreContext } from '../engine/context.ts';
import { buildOutbox } from './outbox.ts';
import { buildThreadMessages } from './thread-messages.ts';
import { buildToldNews } from './told-news.ts';

/** The parts of the store that belong to this folder, under the names that the store gives them. */
export function buildAnnouncementsParts(context: StoreContext) {
  return {
    outbox: buildOutbox(context),
    threadMessages: buildThreadMessages(context),
    told: buildToldNews(context),
  };
}
