import { describe, expect, it } from 'vitest';
import { failure, renderFailure } from '../../src/domain/failure/failure.ts';
import { useCommandWorld, world } from './command-bot.ts';
import { textOf } from './command-world.ts';
import {
  commit,
  everyStatus,
  jobLine,
  jobReport,
  now,
  overview,
  packageReport,
  repository,
  row,
  scheduledJob,
  summarise,
} from './sample-answers.ts';

useCommandWorld();

const ask = async (options: Readonly<Record<string, string | number | boolean>> = {}) =>
  world.run('status', options, { user: world.member });

describe('/status', () => {
  it('shows at a glance that all is well', async () => {
    const outcome = await ask();
    expect(outcome).toMatchObject({ ephemeral: true, embeds: [{ title: '📊 Status', color: 0x57f287 }] });
    const text = textOf(outcome);
    expect(text).toContain('**🟢 Publishing works**');
    expect(text).toMatch(/🟢 store\n🟢 queue\n🟢 registry\n🟢 github\n🟢 discord\n🟢 gemini/);
  });

  it('shows what is down since when and why, what waits, and what runs next', async () => {
    const since = new Date(now).toISOString();
    const { readiness } = overview();
    world.fake.override = {
      describeOverview: async () =>
        overview({
          readiness: {
            ...readiness,
            registry: { state: 'down', since, why: 'HTTP 503' },
            gemini: { state: 'degraded', since, why: 'not configured' },
          },
          queued: 4,
          running: 2,
          parked: 1,
          owedChangelogs: 3,
          repositories: { active: 32, pending: 1, disabled: 2 },
          drift: summarise([row('a', 'ahead'), row('b', 'behind'), row('c', 'equal')]),
          waitsForPerson: ['com.studio.shared has two holders @everyone'],
          lastJobs: [
            jobLine(12, { status: 'failed', requestedBy: 'discord:42' }),
            jobLine(11, { status: 'queued', waitingFor: 'registry', durationMs: undefined }),
          ],
          scheduledJobs: [scheduledJob('daily-check', { nextAt: now })],
        }),
    };
    const outcome = await ask({ share: true });
    expect(outcome).toMatchObject({ ephemeral: false, embeds: [{ color: 0xe74c3c }] });
    const text = textOf(outcome);
    expect(text).toContain('**🔴 1 of 6 connections down** · one thing waits for a person');
    expect(text).toContain(`🔴 registry since <t:${now / 1000}:R>: HTTP 503`);
    expect(text).toContain('🚀 2 running\n⏳ 4 queued\n🅿️ 1 parked\n📝 3 changelogs owed');
    expect(text).toContain('✅ 32 active\n⏳ 1 pending\n🚫 2 disabled');
    expect(text).toContain('🔼 1 ahead of the registry\n🔽 1 behind the registry\n🟢 1 as on the registry');
    expect(text).toContain('• com.studio.shared has two holders @\u200Beveryone');
    expect(text).toContain(
      `❌ #12 failed · studio/one · [\`abcdef0\`](https://git.studio.test/studio/one/commit/${commit}) · <@42> · 3.2 s · <t:${now / 1000}:R>`,
    );
    expect(text).toMatch(/⏳ #11 queued, waits for registry · studio\/one · .* · a push · <t:/);
    expect(text).toContain(`daily-check <t:${now / 1000}:R>`);
    expect(outcome.message?.pings).toEqual({ everyone: false, users: [], roles: [] });
  });

  it('attaches what it has no room for', async () => {
    const waitsForPerson = Array.from({ length: 60 }, (_, index) => `job #${index} ${'x'.repeat(300)}`);
    world.fake.override = {
      describeOverview: async () =>
        overview({ waitsForPerson, lastJobs: Array.from({ length: 50 }, (_, index) => jobLine(index + 1)) }),
    };
    const outcome = await ask();
    expect(textOf(outcome)).toMatch(/\+ \d+ more, attached/);
    expect(outcome.attachments[0]?.text().trim().split('\n')).toEqual(waitsForPerson);
  });

  it('takes at most one subject', async () => {
    const outcome = await ask({ package: 'com.studio.core', job: 3 });
    expect(outcome.content).toBe('Name a `package`, a `repository` or a `job`, one of them.');
  });
});

describe('/status of a package', () => {
  it('shows its state, its owner and every publish, with who, which commit and how long', async () => {
    world.fake.override = {
      describePackage: async () => ({
        kind: 'package',
        rows: [row('com.studio.core', 'ahead')],
        owner: 'studio/one',
        held: [
          {
            id: 1,
            repository: 'studio/one',
            name: 'com.studio.core',
            version: '1.2.0',
            job: 13,
            toldIn: 13,
            since: now,
            awaits: [{ name: 'com.studio.base', version: '2.0.0' }],
          },
        ],
        publishes: [
          { ...jobLine(12, { requestedBy: 'discord:42' }), version: '1.1.0', outcome: 'published' },
        ],
      }),
    };
    const text = textOf(await ask({ package: 'com.studio.core' }));
    expect(text).toContain('📦 com.studio.core\nOwned by `studio/one`');
    expect(text).toContain('🔼 **com.studio.core** 1.1.0 → 1.2.0 · studio/one');
    expect(text).toContain('⏸️ com.studio.core 1.2.0 waits for com.studio.base 2.0.0 · #13');
    expect(text).toMatch(/1\.1\.0: ✅ #12 published · studio\/one · \[`abcdef0`\].* · <@42> · 3\.2 s/);
  });

  it('attaches a history that is too long', async () => {
    const publishes = Array.from({ length: 40 }, (_, index) => ({
      ...jobLine(index + 1),
      version: `1.0.${index}`,
      outcome: 'published',
    }));
    world.fake.override = {
      describePackage: async () => ({ kind: 'package', rows: [], owner: undefined, publishes, held: [] }),
    };
    const outcome = await ask({ package: 'com.studio.core' });
    expect(outcome.attachments.map((file) => file.filename)).toEqual(['com.studio.core.txt']);
    expect(outcome.attachments[0]?.text()).toContain('1.0.39  published  #40');
  });

  it('suggests the closest package when there is none of that name', async () => {
    world.fake.rows = [row('com.studio.core', 'ahead')];
    const outcome = await ask({ package: 'com.studio.cor' });
    expect(outcome.content).toBe('No package `com.studio.cor`. Closest: `com.studio.core`.');
  });
});

describe('/status of a repository', () => {
  it.each([1, 25, 26, 109, 1_000, 10_000])('with %i packages fits and leaves none out', async (count) => {
    world.fake.rows = Array.from({ length: count }, (_, index) => row(`com.studio.p${index}`, 'ahead'));
    const outcome = await ask({ repository: 'studio/one' });
    const told = textOf(outcome) + outcome.attachments.map((file) => file.text()).join('');
    const words = new Set(told.split(/[\s*]+/));
    expect(world.fake.rows.filter(({ name }) => !words.has(name))).toEqual([]);
    expect(told).toContain('active · live\nbranches: the default branch\nscopes: all allowed ones');
    expect(told).toContain('#7 published');
  });

  it('shows its branches and scopes', async () => {
    world.fake.repositories = [
      repository('studio/one', { branches: ['release/*'], scopes: ['com.studio'], mode: 'shadow' }),
    ];
    const text = textOf(await ask({ repository: 'STUDIO/one' }));
    expect(text).toContain('active · shadow\nbranches: `release/*`\nscopes: `com.studio`');
  });
});

describe('/status of a job', () => {
  it.each(everyStatus)('that is %s says so, with who, which commit and how long', async (status) => {
    world.fake.jobs.set(12, jobReport(12, { status }));
    const outcome = await ask({ job: 12 });
    const text = textOf(outcome);
    expect(text).toMatch(/#12 .*\nstudio\/one · \[`abcdef0`\].* · <@42> · <t:\d+:R> · took 3\.2 s/);
    expect(outcome.message?.buttons).toMatchObject([{ label: 'Details', customId: 'v1:details:12' }]);
  });

  it('that failed says why and what to do, for each package', async () => {
    world.fake.jobs.set(
      12,
      jobReport(12, {
        status: 'failed',
        failure: renderFailure(failure('commit-not-found', { commit })),
        packages: [packageReport('com.studio.core', { outcome: 'failed', title: 'too **large**' })],
      }),
    );
    const text = textOf(await ask({ job: 12 }));
    expect(text).toContain('❌ Commit abcdef0 is not in the repository\n→ Push the commit');
    expect(text).toContain('❌ com.studio.core 1.2.0 failed: too \\*\\*large\\*\\*');
  });

  it('of 109 packages attaches the list', async () => {
    const packages = Array.from({ length: 109 }, (_, index) => packageReport(`com.studio.p${index}`));
    world.fake.jobs.set(12, jobReport(12, { packages }));
    const outcome = await ask({ job: 12 });
    expect(textOf(outcome)).toContain('+ 99 more, attached');
    expect(outcome.attachments[0]?.text()).toContain('com.studio.p108');
  });

  it('that does not exist says so', async () => {
    expect((await ask({ job: 4_711 })).content).toBe(
      'No job \\#4711. Jobs have numbers such as #123; `/status` shows the last ones.',
    );
  });
});
