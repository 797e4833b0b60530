import { describe, expect, it } from 'vitest';
import { buildDiscordThread } from '../../src/bot/thread/thread.ts';
import type { MonitoringNotice } from '../../src/domain/announcement/announcement.ts';
import type { KnownMessage } from '../../src/ports/announcements.ts';
import type { Channel, Message } from '../../src/ports/chat.ts';
import { buildJumpingClock } from './jumping-clock.ts';
import { links } from './sample-job.ts';
import { silent } from './thread-fixture.ts';

interface Standing extends Channel {
  readonly messages: Message[];
}

function buildChannel(): Standing {
  const messages: Message[] = [];
  return {
    messages,
    post: async (message) => String(messages.push(message)),
    edit: async (id, message) => {
      messages[Number(id) - 1] = message;
      return true;
    },
    findOwn: async () => undefined,
  };
}

const notice: MonitoringNotice = {
  kind: 'monitoring-notice',
  tone: 'trouble',
  subject: 'status-sync',
  title: 'The scheduled job status-sync failed: <@1> [link](https://evil.test)',
  detail: 'It is tried again.',
  since: 1_800_000_000_000,
};

describe('news about the publisher itself', () => {
  it('is posted in the monitoring thread, inert, and nothing else is', async () => {
    const [channel, monitoring] = [buildChannel(), buildChannel()];
    const known = new Map<string, KnownMessage>();
    const clock = buildJumpingClock();
    const begin = (key: string, nonce: string): void =>
      void known.set(key, { nonce, messageId: undefined, postedAt: clock.now() });
    const thread = buildDiscordThread({
      channel,
      monitoring,
      messages: {
        find: async (key) => known.get(key),
        begin: async (key, nonce) => begin(key, nonce),
        replace: async (key, nonce) => begin(key, nonce),
        posted: async (key, messageId) => {
          const before = known.get(key);
          if (before !== undefined) known.set(key, { ...before, messageId });
        },
      },
      clock,
      logger: silent,
      links,
      pingsOf: () => ({ users: [], roles: [] }),
    });
    await thread.say(notice, 'scheduled-run-7');
    await thread.say(notice, 'scheduled-run-7');
    await thread.say({ kind: 'repository-notice', repository: 'o/r', title: 'It', remedy: 'Look' }, 'n');
    expect(channel.messages).toHaveLength(1);
    expect(monitoring.messages).toHaveLength(1);
    const [message] = monitoring.messages;
    expect(message?.content).toMatch(/^⚠️ The scheduled job status-sync failed: \\<@/);
    expect(message?.embeds[0]?.description).toContain('Since <t:1800000000:f>.');
    expect(JSON.stringify(message)).not.toContain('[link](');
  });
});
