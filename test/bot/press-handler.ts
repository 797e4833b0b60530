import { askOf } from '../../src/app/open-core.ts';
import type { BotContext } from '../../src/bot/interactions/context.ts';
import type { Handler } from '../../src/bot/interactions/handler.ts';
import type { Reply } from '../../src/bot/interactions/reply.ts';
import type { Core } from '../../src/publisher/operations/core.ts';
import { silent } from './thread-fixture.ts';

/** What user 9 reads after pressing a button of job 7, with as much of the core as it takes. */
export async function pressOf(handler: Handler, core: object, log: readonly string[] = []): Promise<Reply> {
  const context = { ask: askOf(core as Core), logger: silent, recentLog: () => log } as unknown as BotContext;
  const answer = await handler.press(context, {
    id: '7',
    values: [],
    actor: 'discord:9',
    person: { userId: '9', roleIds: [], canManageGuild: false },
    signal: new AbortController().signal,
    show: () => undefined,
  });
  return answer as Reply;
}
