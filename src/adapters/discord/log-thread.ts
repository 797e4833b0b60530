import type { Thread } from '../../ports/announcements.ts';
import type { Logger } from '../../ports/logger.ts';

/** The thread of a process without Discord: announcements are written to the log. */
export function buildLogThread(logger: Logger): Thread {
  return {
    say: async (announcement, key) => {
      logger.info('announcement', { key, announcement });
    },
    alert: async (outage) => {
      logger.error('announcement', { key: `outage-${outage.neighbour}`, announcement: outage });
    },
  };
}
