import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeMarkdown } from '../../src/bot/text/markdown.ts';
import { unreleased } from '../../src/domain/changelog/changelog.ts';
import { useCommandWorld, world } from './command-bot.ts';
import { textOf } from './command-world.ts';
import { commit, refused, row } from './sample-answers.ts';

describe('markdown from outside', () => {
  it('keeps headings, lists, bold text and inline code', () => {
    const text =
      '## [1.2.0] - 2026-01-02\r\n\r\n### Added\r\n- **Big** thing, see `List<T>` and snake_case\r\n';
    expect(safeMarkdown(text)).toBe(
      '## \\[1.2.0\\] - 2026-01-02\n\n### Added\n- **Big** thing, see `List<T>` and snake_case',
    );
  });

  it.each([
    ['a mention', '<@123> @everyone @here <@&9> <#5>'],
    ['a masked link', '[click](https://evil.test) [a][b]\n[b]: https://evil.test'],
    ['a spoiler, a strike and a quote', '||x|| ~~y~~\n> z'],
    ['a fence', '```js\nrm -rf\n```'],
    ['an open tick', '`open @everyone <@1>'],
    ['what is not seen', 'a\u202Eb\u200Bc\u2066d\u0000e\u001b[31mf'],
    ['an escaped escape', '\\<@1> \\\\[x](y)'],
  ])('disarms %s', (_what, text) => {
    const safe = safeMarkdown(text);
    const outsideOfCode = safe.replaceAll(/(?<!\\)`[^`\n]+`/g, '');
    const unescaped = outsideOfCode.replaceAll(/\\[\\~|>[\]()<{}`]/g, '');
    expect(unescaped).not.toMatch(/[\\~|>[\]()<{}`]/);
    expect(safe).not.toMatch(/@(?!\u200B)/);
    expect(safe.replaceAll(/(?<=[@:])\u200B/g, '')).not.toMatch(/[\u200B-\u200F\u202A-\u202E\u2066-\u2069]/);
  });

  it('has nothing active outside of inline code, whatever it is made of', () => {
    const part = fc.constantFrom(
      '`',
      '``',
      '\\',
      '<@1>',
      '@everyone',
      '[a](b)',
      '\n',
      '# ',
      'x',
      '||',
      '\u202E',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        const safe = safeMarkdown(parts.join(''));
        // Parses as Discord does: an escape first, then code, then anything active.
        const rest = safe.replaceAll(/\\[^\w\s]|(`)(?:[^`\n]+)\1/g, '');
        expect(rest).not.toMatch(/[<>[\]()|`\\]/);
        expect(safe).not.toMatch(/@(?!\u200B)/);
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('/changelog', () => {
  useCommandWorld((fake) => {
    fake.rows = [row('com.studio.core', 'ahead')];
  });

  const ask = async (options: Readonly<Record<string, string | boolean>> = {}) =>
    world.run('changelog', { package: 'com.studio.core', ...options }, { user: world.member });

  it('shows the latest entry when no version is given', async () => {
    const outcome = await ask();
    expect(outcome.ephemeral).toBe(true);
    expect(textOf(outcome)).toBe('📝 com.studio.core 1.1.0\n## Added\n- a thing');
    expect(textOf(await ask({ version: '1.0.0', share: true }))).toContain('📝 com.studio.core 1.0.0');
    expect(textOf(await ask({ version: 'unreleased' }))).toContain('not published yet');
  });

  it('asks the publisher for no version when none is given, and for “unreleased” when that is typed', async () => {
    const asked: (string | undefined)[] = [];
    world.fake.override = {
      readChangelog: async (name, version) => {
        asked.push(version);
        return {
          kind: 'changelog',
          name,
          version: undefined,
          markdown: '',
          wordedByModel: false,
          entry: undefined,
        };
      },
    };
    await ask();
    await ask({ version: unreleased });
    expect(asked).toEqual([undefined, unreleased]);
    const { choices } = await world.discord.autocomplete({
      name: 'changelog',
      options: { package: 'com.studio.core', version: 'un' },
      focused: 'version',
      user: world.member,
    });
    expect(choices).toContainEqual({ name: unreleased, value: unreleased });
  });

  it('marks an entry that a model has worded', async () => {
    world.fake.override = {
      readChangelog: async (name) => ({
        kind: 'changelog',
        name,
        version: '1.1.0',
        markdown: '',
        wordedByModel: true,
        entry: undefined,
      }),
    };
    const text = textOf(await ask());
    expect(text).toContain('Nothing is written about it.');
    expect(text).toContain('Worded by a language model');
  });

  it.each([
    ['of 20,000 lines', Array.from({ length: 20_000 }, (_, index) => `- change ${index}`).join('\n')],
    ['of one endless line', 'x'.repeat(50_000)],
    ['of 5,000 characters that grow when they are made inert', '[@'.repeat(2_500)],
  ])('attaches an entry %s', async (_what, markdown) => {
    world.fake.override = {
      readChangelog: async (name) => ({
        kind: 'changelog',
        name,
        version: '1.1.0',
        markdown,
        wordedByModel: false,
        entry: undefined,
      }),
    };
    const outcome = await ask();
    expect(textOf(outcome)).toContain('… the whole text is attached');
    expect(outcome.attachments.map((file) => [file.filename, file.text()])).toEqual([
      ['changelog-com.studio.core-1.1.0.md', markdown],
    ]);
  });

  it('pings nobody and names a file safely, whatever package and text are called', async () => {
    world.fake.override = {
      readChangelog: async () => ({
        kind: 'changelog',
        name: '../../@everyone/<@1>',
        version: '../..',
        markdown: '@everyone <@1> '.repeat(1_000),
        wordedByModel: false,
        entry: undefined,
      }),
    };
    const outcome = await ask({ share: true });
    expect(outcome.message?.pings).toEqual({ everyone: false, users: [], roles: [] });
    expect(outcome.attachments[0]?.filename).toMatch(/^changelog-[\w.-]+\.md$/);
    expect(outcome.attachments[0]?.filename).not.toContain('..');
  });

  it.each([
    [{ kind: 'unchanged' }, 'The same words came out'],
    [{ kind: 'edited' }, 'It was left alone'],
    [
      { kind: 'not-written', detail: 'a `review` is required' },
      '⚠️ The repository was not changed: a \\`review',
    ],
    [refused('git-host-unavailable', { since: 'now', detail: 'HTTP 503' }), 'HTTP 503'],
  ] as const)('is reworded for an operator, who reads that it is %o', async (done, said) => {
    const asked: unknown[] = [];
    world.fake.override = {
      regenerateChangelog: async (entry, by) => {
        asked.push([entry, by]);
        return done;
      },
    };
    const shown = await world.run('changelog', { package: 'com.studio.core' });
    await world.restart();
    const outcome = await world.press(shown, 'Regenerate');
    expect(textOf(outcome)).toContain(said);
    expect(outcome.followUps.at(-1)?.ephemeral).toBe(true);
    expect(asked).toEqual([[7, `discord:${world.operator.id}`]]);
  });

  it('shows the new words, and that the published entry keeps the old ones', async () => {
    const changelog = {
      kind: 'changelog',
      name: 'com.studio.core',
      version: '1.1.0',
      markdown: '- other words',
      wordedByModel: true,
      entry: 7,
    } as const;
    world.fake.override = {
      regenerateChangelog: async () => ({
        kind: 'rewritten',
        repository: 'studio/one',
        commit,
        changelog,
      }),
    };
    const shown = await world.run('changelog', { package: 'com.studio.core' });
    const text = textOf(await world.press(shown, 'Regenerate'));
    expect(text).toContain('The published tarball keeps its old words.');
    expect(text).toContain('- other words');
  });

  it('offers Regenerate only to those who may use it, and refuses anybody else on a shared answer', async () => {
    expect((await ask()).message?.buttons).toEqual([]);
    const unpublished = await world.run('changelog', { package: 'com.studio.core', version: unreleased });
    expect(unpublished.message?.buttons).toEqual([]);
    let count = 0;
    world.fake.override = {
      regenerateChangelog: async () => {
        count++;
        return { kind: 'unchanged' };
      },
    };
    const shared = await world.run('changelog', { package: 'com.studio.core', share: true });
    expect(textOf(await world.press(shared, 'Regenerate', world.member))).toContain('You need Manage Server');
    expect(count).toBe(0);
    expect(world.fake.refusals).toEqual([{ by: `discord:${world.member.id}`, what: 'regenerate' }]);
  });

  it('suggests the closest package when there is none of that name', async () => {
    expect((await ask({ package: 'com.studio.cor' })).content).toContain('Closest: `com.studio.core`.');
  });
});
