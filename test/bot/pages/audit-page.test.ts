import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseAuditPlace } from '../../../src/bot/pages/audit-page.ts';
import type { RepositoryId } from '../../../src/domain/repository/repository.ts';
import type { AuditCursor, NumberedEntry } from '../../../src/ports/audit.ts';
import type { AuditAnswer } from '../../../src/publisher/operations/operations.ts';
import { type CommandWorld, startCommandWorld, textOf } from '../command-world.ts';
import { now, repository } from '../sample-answers.ts';

let world: CommandWorld;
/** Requests to the audit trail. */
let asked: { readonly id: RepositoryId | undefined; readonly beside: AuditCursor | undefined }[];

function entry(id: number, more: Partial<NumberedEntry> = {}): NumberedEntry {
  const facts = { attempt: 1, commit: 'c'.repeat(40), reason: null, branch: '' };
  return { id, at: now, action: 'job-started', actor: 'publisher', subject: '#12', facts, ...more };
}

function answer(rows: readonly NumberedEntry[], more: Partial<AuditAnswer> = {}): AuditAnswer {
  return { kind: 'audit', repository: undefined, rows, older: undefined, newer: undefined, ...more };
}

beforeEach(async () => {
  world = await startCommandWorld();
  asked = [];
});
afterEach(async () => world.stop());

function tell(give: (beside: AuditCursor | undefined) => AuditAnswer): void {
  world.fake.override = {
    listAudit: async (id, beside) => {
      asked.push({ id, beside });
      return give(beside);
    },
  };
}

describe('Audit… below /status', () => {
  it('turns the pages of who did what, newest first, and back', async () => {
    tell((beside) =>
      beside?.side === 'older'
        ? answer([entry(4, { action: 'repository-changed', actor: 'discord:42' })], { newer: 4 })
        : answer([entry(5)], { older: 5 }),
    );
    const first = await world.press(await world.run('status'), 'Audit…');
    expect(first.followUps).toMatchObject([
      { ephemeral: true, embeds: [{ title: '📒 Audit of everything' }] },
    ]);
    const seconds = Math.floor(now / 1_000);
    const line = `<t:${seconds}:f> **job-started** · \\#12 · by the publisher itself · attempt 1, commit ccccccc`;
    expect(textOf(first)).toContain(line);
    const older = await world.press(first, 'Older ▶');
    expect(textOf(older)).toContain('**repository-changed** · \\#12 · by <@42>');
    await world.press(older, '◀ Newer');
    expect(asked.map(({ beside }) => beside)).toEqual([
      undefined,
      { side: 'older', id: 5 },
      { side: 'newer', id: 4 },
    ]);
  });

  it('shows the rows of one repository below its status', async () => {
    world.fake.repositories = [repository('studio/one')];
    const id = world.fake.repositories[0]?.id;
    tell(() => answer([], { repository: 'studio/one' }));
    const status = await world.run('status', { repository: 'studio/one' });
    const page = await world.press(status, 'Audit…');
    expect(textOf(page)).toContain('📒 Audit of studio/one\nNothing was done.');
    expect(asked).toEqual([{ id, beside: undefined }]);
  });

  it('is for operators only, on every page, and a refusal is audited', async () => {
    tell(() => answer([entry(5)], { older: 5 }));
    const status = await world.run('status', {}, { user: world.member });
    const refused = await world.press(status, 'Audit…', world.member);
    expect(refused.followUps[0]?.content).toMatch(/^You need Manage Server or <@&\d+> to do that\.$/);
    expect(asked).toEqual([]);
    expect(world.fake.refusals).toHaveLength(1);
  });

  it('stays inert and within limits, whatever the trail contains', async () => {
    const hostile = '@everyone [x](https://evil.test) `\n# '.repeat(30);
    const facts = { [hostile]: hostile, more: [hostile] };
    const rows = Array.from({ length: 10 }, (_, id) =>
      entry(id + 1, { action: hostile, actor: hostile, subject: hostile, facts }),
    );
    tell(() => answer(rows, { repository: hostile, older: 1 }));
    const page = await world.press(await world.run('status'), 'Audit…');
    expect(textOf(page)).not.toContain('@everyone');
    expect(textOf(page)).not.toContain('](https://evil');
    expect(textOf(page).match(/<t:/g)).toHaveLength(10);
  });

  it.each(['all', 'all-older', 'all-older-x', '0-newest', '-1-newest', 'all-newest-1', '1-older-1-2'])(
    'accepts no page id that it did not write: %s',
    (id) => {
      expect(parseAuditPlace(id)).toBeUndefined();
    },
  );
});
