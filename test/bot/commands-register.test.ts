import { describe, expect, it } from 'vitest';
import { useCommandWorld, withOneOfEach, world } from './command-bot.ts';
import { textOf } from './command-world.ts';
import { packageReport, refused, repository, row } from './sample-answers.ts';

useCommandWorld(withOneOfEach);

describe('/register add', () => {
  it('shows what was found, and what is excluded and why, and changes nothing before it is confirmed', async () => {
    world.fake.contested = [{ name: 'com.studio.shared', holders: 'studio/one, studio/two' }];
    const found = await world.run(
      'register',
      { repository: 'https://github.com/studio/one' },
      { subcommand: 'add' },
    );
    const text = textOf(found);
    expect(found.content).toBe('Shall `studio/one` be published from now on?');
    expect(text).toContain('3 found, **1** could be published now');
    expect(text).toMatch(/ahead of the registry\n🔼 \*\*com\.studio\.core\*\* 1\.1\.0 → 1\.2\.0/);
    expect(text).toContain('outside the allowed scopes: com.vendor.asset');
    expect(text).toContain('com.studio.shared: studio/one, studio/two');
    expect(world.fake.countChanges()).toBe(0);
  });

  it('shows what preflight finds at the head, worst first, or that the check did not end in time', async () => {
    const metas = Array.from({ length: 3 }, (_, index) => ({
      rule: 'meta.missing',
      severity: 'block' as const,
      file: `${index}.cs`,
      message: `${index}.cs has no meta`,
    }));
    world.fake.preflight = [
      packageReport('com.studio.ui', {
        findings: [{ rule: 'a', severity: 'warn', message: 'add a licence' }],
      }),
      packageReport('com.studio.core', { findings: metas }),
    ];
    const found = await world.run('register', { repository: 'studio/one' }, { subcommand: 'add' });
    expect(textOf(found)).toMatch(
      /Preflight: 1 could not be published as they are\n\*\*com\.studio\.core\*\* 3 blocking: ⛔ 0\.cs has no meta · meta\.missing ×3, also 1\.cs, 2\.cs\n\*\*com\.studio\.ui\*\* 1 warning: ⚠️ add a licence/,
    );
    expect(found.attachments.map((file) => file.text()).join('')).toContain('2.cs has no meta');
    world.fake.preflight = undefined;
    const late = await world.run('register', { repository: 'studio/one' }, { subcommand: 'add' });
    expect(textOf(late)).toContain('Not checked in time');
  });

  it('activates the repository with the given options, and then publishes what is missing', async () => {
    const options = {
      repository: 'studio/one',
      branches: 'release/*, develop',
      scopes: 'com.studio',
      mode: 'shadow',
    };
    const found = await world.run('register', options, { subcommand: 'add' });
    const confirmed = await world.press(found, 'Confirm');
    expect(world.fake.changes).toEqual([
      {
        slug: 'studio/one',
        settings: {
          status: 'active',
          branches: ['release/*', 'develop'],
          scopes: ['com.studio'],
          mode: 'shadow',
        },
        by: `discord:${world.operator.id}`,
      },
    ]);
    expect(confirmed.content).toMatch(/^✅ `studio\/one` is registered\.\n• status: active/);
    const published = await world.press(confirmed, 'Publish what is missing');
    expect(published.content).toMatch(/^Queued #101/);
    expect(world.fake.requests).toMatchObject([{ target: { kind: 'repository', slug: 'studio/one' } }]);
  });

  it('offers no publish when nothing is missing', async () => {
    world.fake.rows = [row('com.studio.ui', 'equal')];
    const found = await world.run('register', { repository: 'studio/one' }, { subcommand: 'add' });
    const confirmed = await world.press(found, 'Confirm');
    expect(confirmed.message?.buttons).toEqual([]);
  });

  it('says what the git host answered when the repository cannot be read', async () => {
    const outcome = await world.run('register', { repository: 'studio/secret' }, { subcommand: 'add' });
    expect(outcome.content).toMatch(/The git host refuses access to studio\/secret.*\n→ Give the publisher/);
  });

  it.each([1, 25, 26, 109, 1_000, 10_000])('of %i packages fits and names each of them', async (count) => {
    world.fake.rows = Array.from({ length: count }, (_, index) =>
      row(`com.studio.p${index}`, index % 2 === 0 ? 'ahead' : 'excluded', {
        detail: index % 2 === 0 ? undefined : `reason ${index % 7}`,
      }),
    );
    const found = await world.run('register', { repository: 'studio/one' }, { subcommand: 'add' });
    const told = textOf(found) + found.attachments.map((file) => file.text()).join('');
    const words = new Set(told.split(/[\s*,]+/));
    expect(world.fake.rows.filter(({ name }) => !words.has(name))).toEqual([]);
  });
});

describe('/register edit', () => {
  it('sets the severities of rules, and shows them', async () => {
    const rules = 'meta.missing=warn, path.symlink=default';
    await world.run('register', { repository: 'studio/one', rules }, { subcommand: 'edit' });
    expect(world.fake.changes[0]?.settings).toEqual({
      rules: { 'meta.missing': 'warn', 'path.symlink': 'default' },
    });
    const wrong = { repository: 'studio/one', rules: 'meta.missing=loud' };
    const refusal = await world.run('register', wrong, { subcommand: 'edit' });
    expect(refusal.content).toContain('sets no rule');
    world.fake.repositories = [repository('studio/one', { rules: { 'meta.missing': 'warn' } })];
    const shown = await world.run('status', { repository: 'studio/one' });
    expect(textOf(shown)).toContain('rules: `meta.missing=warn`');
  });

  it('sets whether safe repairs are made while packing, and shows it', async () => {
    await world.run('register', { repository: 'studio/one', fixes: 'staging' }, { subcommand: 'edit' });
    expect(world.fake.changes[0]?.settings).toEqual({ fixes: 'staging' });
    world.fake.repositories = [repository('studio/one', { fixes: 'staging' })];
    const shown = await world.run('status', { repository: 'studio/one' });
    expect(textOf(shown)).toContain('fixes: `staging`');
  });

  it('changes only the given options and says what changed', async () => {
    const options = { repository: 'studio/one', status: 'disabled', branches: 'default' };
    const outcome = await world.run('register', options, { subcommand: 'edit' });
    expect(world.fake.changes).toMatchObject([
      { slug: 'studio/one', settings: { status: 'disabled', branches: [] } },
    ]);
    expect(outcome.content).toContain('✅ `studio/one` is changed.');
  });

  it('makes the repository the owner of a name', async () => {
    const options = { repository: 'studio/two', owns: 'com.studio.core' };
    const outcome = await world.run('register', options, { subcommand: 'edit' });
    expect([...world.fake.owners]).toEqual([['com.studio.core', 'studio/two']]);
    expect(outcome.content).toContain('owns com.studio.core');
  });

  it.each([
    [
      'nothing to change',
      {},
      'Say what to change: `branches`, `scopes`, `status`, `mode`, `rules`, `fixes` or `owns`.',
    ],
    ['an option of git', { branches: 'main, -rf' }, '`-rf` is no branch'],
    ['a path', { branches: 'a..b' }, '`a..b` is no branch'],
    ['a shell', { branches: '$(reboot)' }, '`$(reboot)` is no branch'],
    ['a path as scope', { scopes: '../etc' }, '`../etc` is no scope'],
    ['an unknown status', { status: 'deleted' }, '`deleted` is no status: pending, active, disabled are.'],
    ['an unknown way to fix', { fixes: 'all' }, '`all` is no way to fix: off, staging are.'],
    ['6,000 characters', { mode: 'x'.repeat(6_000) }, 'is no mode: live, shadow are.'],
    ['51 branches', { branches: 'b,'.repeat(51) }, '51 branches are too many'],
  ])('refuses %s', async (_what, options, sentence) => {
    const typed = { repository: 'studio/one', ...options };
    const outcome = await world.run('register', typed, { subcommand: 'edit' });
    expect(outcome.content).toContain(sentence);
    expect(world.fake.countChanges()).toBe(0);
  });
});

describe('/register remove', () => {
  it('asks first, and removes on confirmation', async () => {
    const asked = await world.run('register', { repository: 'studio/one' }, { subcommand: 'remove' });
    expect(asked.content).toMatch(/^Remove `studio\/one`\? Its 3 packages are no longer published/);
    expect(world.fake.removed).toEqual([]);
    const removed = await world.press(asked, 'Remove');
    expect(world.fake.removed).toEqual(['studio/one']);
    expect(removed.content).toBe('✅ `studio/one` is removed.\n• 2 names given back');
  });

  it('also opens the pull request that deletes the dispatcher, when that button is pressed', async () => {
    const asked = await world.run('register', { repository: 'studio/one' }, { subcommand: 'remove' });
    const removed = await world.press(asked, 'Remove, and open the pull request');
    expect(world.fake.dispatchers).toMatchObject([{ slug: 'studio/one', kind: 'remove', merge: false }]);
    expect(world.fake.removed).toEqual(['studio/one']);
    expect(removed.content).toMatch(
      /^✅ `studio\/one` is removed\.[\s\S]*\[Pull request #7\].* deletes its dispatcher/,
    );
  });

  it.each([
    [{ kind: 'nothing-to-change' } as const, 'It has no dispatcher that could be deleted.'],
    [
      { kind: 'refused', detail: 'studio/one is archived.' } as const,
      '⚠️ Its dispatcher stays: studio/one is archived.',
    ],
  ])('removes the repository even when no pull request is opened: %o', async (answer, sentence) => {
    world.fake.dispatcherAnswer = answer;
    const asked = await world.run('register', { repository: 'studio/one' }, { subcommand: 'remove' });
    const removed = await world.press(asked, 'Remove, and open the pull request');
    expect(removed.content).toContain(sentence);
    expect(world.fake.removed).toEqual(['studio/one']);
  });

  it('removes nothing while GitHub is down, because the pull request could not be requested again', async () => {
    world.fake.override = {
      requestDispatcher: async () => refused('git-host-unavailable', { since: 'noon', detail: 'HTTP 502' }),
    };
    const asked = await world.run('register', { repository: 'studio/one' }, { subcommand: 'remove' });
    await world.press(asked, 'Remove, and open the pull request');
    expect(world.fake.removed).toEqual([]);
  });

  it('suggests the closest repository when there is none of that name', async () => {
    const outcome = await world.run('register', { repository: 'studio/on' }, { subcommand: 'remove' });
    expect(outcome.content).toBe('No repository `studio/on`. Closest: `studio/one`.');
  });
});
