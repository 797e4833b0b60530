import type { DiscordUser, Outcome } from 'discord-stand-in';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handlers } from '../../src/bot/components/index.ts';
import { type CommandWorld, menusOf, startCommandWorld, textOf } from '../bot/command-world.ts';
import { jobReport, row } from '../bot/sample-answers.ts';

const actions = handlers.map(({ action }) => action);

export interface Forged {
  /** Values that somebody who is no operator puts behind every action. */
  readonly byMember: readonly string[];
  /** Values that an operator of another server puts behind every action. */
  readonly fromElsewhere: readonly string[];
}

let world: CommandWorld;
let anywhere: string;

async function pressAll(
  action: string,
  abouts: readonly string[],
  user: DiscordUser,
  guildId?: string,
): Promise<readonly Outcome[]> {
  const where = guildId === undefined ? {} : { guildId };
  const ways = [where, { ...where, values: ['0'] }];
  const forged = abouts.flatMap((about) => ways.map((how) => ({ id: `v1:${action}:${about}`, how })));
  return Promise.all(forged.map(async ({ id, how }) => world.discord.press(anywhere, id, user, how)));
}

/** What a stranger gains who forges a custom id: to publish, register, let through or switch something. */
export function describeForgedPresses({ byMember, fromElsewhere }: Forged): void {
  beforeAll(async () => {
    world = await startCommandWorld();
    world.fake.rows = [row('com.studio.core', 'ahead'), row('com.studio.ui', 'ahead')];
    for (const job of [7, 12]) world.fake.jobs.set(job, jobReport(job));
    // Makes real proposals, which have the first numbers.
    await world.run('publish', { repository: 'studio/one', dry_run: true });
    await world.run('register', { repository: 'studio/one' }, { subcommand: 'remove' });
    const list = await world.run('unpublished');
    anywhere = list.message?.id ?? '';
    await world.choose(list, [menusOf(list)[0]?.options[0]?.value ?? '']);
  });

  afterAll(async () => world.stop());

  describe.each(actions)('a forged %s', (action) => {
    it('by somebody who is no operator opens no form and changes nothing', async () => {
      const before = world.fake.countChanges();
      const outcomes = await pressAll(action, byMember, world.member);
      expect(outcomes.filter(({ modal }) => modal !== undefined)).toEqual([]);
      expect(world.fake.countChanges()).toBe(before);
    });

    it('from another server is refused, even when an operator presses', async () => {
      const before = world.fake.countChanges();
      const outcomes = await pressAll(action, fromElsewhere, world.operator, '99');
      for (const outcome of outcomes) {
        expect(outcome.modal).toBeUndefined();
        expect(textOf(outcome)).toContain('This bot does not work here.');
      }
      expect(world.fake.countChanges()).toBe(before);
    });
  });

  it('a forged custom id would have changed something if an operator had pressed it', async () => {
    const before = world.fake.countChanges();
    await pressAll('confirm', byMember, world.operator);
    expect(world.fake.countChanges()).toBeGreaterThan(before);
  });
}
