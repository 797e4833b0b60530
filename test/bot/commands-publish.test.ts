import { describe, expect, it } from 'vitest';
import { useCommandWorld, world } from './command-bot.ts';
import { textOf } from './command-world.ts';
import { commit, packageReport, refused, row } from './sample-answers.ts';

useCommandWorld((fake) => {
  fake.rows = [row('com.studio.core', 'ahead'), row('com.studio.ui', 'never-published')];
});

describe('/publish', () => {
  it('queues a package, shown to its user alone, with the place in the queue and the commit', async () => {
    const options = { package: 'com.studio.core', ref: 'main', allow_lower: true };
    const outcome = await world.run('publish', options);
    expect(outcome.ephemeral).toBe(true);
    expect(outcome.content).toBe(
      `Queued #101 · position 1 · [\`abcdef0\`](https://git.studio.test/studio/one/commit/${commit}) · the thread shows the rest`,
    );
    expect(world.fake.requests).toEqual([
      {
        target: { kind: 'package', name: 'com.studio.core' },
        ref: 'main',
        allowLower: true,
        by: `discord:${world.operator.id}`,
      },
    ]);
  });

  it('queues what is missing of a repository, also for members of an operators’ role', async () => {
    await world.run('publish', { repository: 'studio/two' }, { user: world.publisher });
    expect(world.fake.requests).toMatchObject([
      { target: { kind: 'repository', slug: 'studio/two' }, allowLower: false },
    ]);
  });

  it.each([{}, { package: 'com.studio.core', repository: 'studio/one' }, { package: '   ' }])(
    'asks for either a package or a repository when given %j',
    async (options) => {
      const outcome = await world.run('publish', options);
      expect(outcome.content).toBe('Name a `package` or a `repository`, one of both.');
      expect(world.fake.requests).toEqual([]);
    },
  );

  it('names the job that a version already has', async () => {
    world.fake.override = {
      requestPublish: async () => ({
        kind: 'queued',
        job: 98,
        dispatchId: 'd',
        repository: 'studio/one',
        commit,
        status: 'running',
        position: undefined,
        duplicate: true,
      }),
    };
    const outcome = await world.run('publish', { package: 'com.studio.core' });
    expect(outcome.content).toBe('That version is already job #98 (publishing).');
  });

  it('suggests the closest package when there is none of that name', async () => {
    const outcome = await world.run('publish', { package: 'com.studio.cor' });
    expect(outcome.content).toBe('No package `com.studio.cor`. Closest: `com.studio.core`.');
  });

  it('says why it is refused and what to do', async () => {
    world.fake.override = {
      requestPublish: async () => refused('repository-disabled', { repository: 'studio/one' }),
    };
    const outcome = await world.run('publish', { package: 'com.studio.core' });
    expect(outcome.content).toBe(
      '⚠️ **studio/one is disabled**\n→ An operator sets its status to active, then press Retry.',
    );
  });
});

describe('a dry run', () => {
  it('shows what would happen, and publishes the shown commit on confirmation', async () => {
    const plan = await world.run('publish', { repository: 'studio/one', ref: 'main', dry_run: true });
    expect(plan.ephemeral).toBe(true);
    expect(textOf(plan)).toMatch(
      /nothing was sent.*\*\*2\*\* would be published.*com\.studio\.core.*latest/s,
    );
    expect(world.fake.requests).toEqual([]);

    const confirmed = await world.press(plan, 'Publish this');
    expect(confirmed.content).toMatch(/^Queued #101/);
    expect(confirmed.message?.buttons).toEqual([]);
    expect(world.fake.requests).toMatchObject([{ ref: commit, allowLower: false }]);
  });

  it('is confirmed once: the second press is answered with who was first and what followed', async () => {
    const plan = await world.run('publish', { repository: 'studio/one', dry_run: true });
    const id = plan.message?.buttons[0]?.customId ?? '';
    await world.discord.press(plan.message?.id ?? '', id, world.operator);
    const second = await world.discord.press(plan.message?.id ?? '', id, world.publisher);
    expect(textOf(second)).toContain(`<@${world.operator.id}> pressed already: queued as \\#101.`);
    expect(second.followUps).toMatchObject([{ ephemeral: true, pings: { users: [] } }]);
    expect(world.fake.requests).toHaveLength(1);
  });

  it('is dropped by Cancel and cannot be confirmed any more', async () => {
    const plan = await world.run('publish', { repository: 'studio/one', dry_run: true });
    const id = plan.message?.buttons[0]?.customId ?? '';
    const cancelled = await world.press(plan, 'Cancel');
    expect(cancelled.content).toBe('Cancelled. Nothing was changed.');
    const late = await world.discord.press(plan.message?.id ?? '', id, world.operator);
    expect(textOf(late)).toContain('pressed already: cancelled.');
    expect(world.fake.requests).toEqual([]);
  });

  it('of a day ago asks to run the command again', async () => {
    const plan = await world.run('publish', { repository: 'studio/one', dry_run: true });
    world.fake.ageMs += 25 * 3_600_000;
    const late = await world.press(plan, 'Publish this');
    expect(textOf(late)).toContain('This is older than a day. Run the command again.');
    expect(world.fake.requests).toEqual([]);
  });

  it('shows findings and remedies, and no button when nothing would be published', async () => {
    const packages = [
      packageReport('com.studio.core', {
        outcome: 'failed',
        reason: 'version-not-increased',
        title: '1.0.0 is not higher than 1.1.0',
        remedy: 'Bump `version`.',
        findings: [{ rule: 'meta-missing', severity: 'warn', message: 'A.cs has no .meta @everyone' }],
      }),
    ];
    world.fake.override = {
      planPublish: async () => ({ kind: 'plan', repository: 'studio/one', commit, branch: 'main', packages }),
    };
    const plan = await world.run('publish', { package: 'com.studio.core', dry_run: true });
    expect(textOf(plan)).toMatch(/not higher than.*A\.cs has no \.meta @\u200Beveryone.*→ Bump/s);
    expect(plan.message?.buttons).toEqual([]);
  });

  it.each([1, 25, 26, 109, 1_000, 10_000])('of %i packages fits and leaves none out', async (count) => {
    world.fake.rows = Array.from({ length: count }, (_, index) => row(`com.studio.p${index}`, 'ahead'));
    const plan = await world.run('publish', { repository: 'studio/one', dry_run: true });
    const files = plan.attachments.map((file) => file.text()).join('');
    const told = textOf(plan) + files;
    for (const { name } of world.fake.rows.filter((_, index) => index < 10 || index === count - 1))
      expect(told).toContain(name);
    expect(textOf(plan)).toContain(`**${count}** would be published`);
    expect(plan.attachments).toHaveLength(count > 10 ? 1 : 0);
    expect(files.match(/^publish {2}/gm)?.length ?? 0).toBe(count > 10 ? count : 0);
  });
});
