import type { StoreContext } from '../engine/context.ts';
import { buildOutbox } from './outbox.ts';
import { buildThreadMessages } from './thread-messages.ts';
import { buildToldNews } from './told-news.ts';

/** Builds the parts of the store for announcements, under their names in `Store`. */
export function buildAnnouncementsParts(context: StoreContext) {
  return {
    outbox: buildOutbox(context),
    threadMessages: buildThreadMessages(context),
    told: buildToldNews(context),
  };
}
