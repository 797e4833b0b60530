import type { Outcome } from 'discord-stand-in';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AskedRun, ScheduledJobState } from '../../src/ports/schedule.ts';
import { type CommandWorld, startCommandWorld, textOf } from './command-world.ts';
import { now, overview, row, scheduledJob } from './sample-answers.ts';

type Run = NonNullable<ScheduledJobState['lastRun']>;

const run = (extra: Partial<Run> = {}): Run => ({
  id: 1,
  name: 'status-sync',
  cause: 'due',
  askedBy: undefined,
  dueAt: now,
  startedAt: now,
  endedAt: now + 1_200,
  outcome: 'done',
  counts: { looked: 25, changed: 1 },
  note: undefined,
  ...extra,
});

let world: CommandWorld;
let jobs: ScheduledJobState[];
let asked: string[];
let turned: string[];
let answer: AskedRun;

beforeEach(async () => {
  world = await startCommandWorld();
  [asked, turned] = [[], []];
  answer = { kind: 'ran', run: run({ cause: 'asked', askedBy: 'discord:42' }) };
  jobs = [
    scheduledJob('status-sync', { lastRun: run() }),
    scheduledJob('shaky', { lastRun: run({ outcome: 'failed', note: 'HTTP 503 @everyone', counts: {} }) }),
    scheduledJob('weekly', { schedule: 'off', nextAt: undefined, isTurnedOn: false }),
  ];
  world.fake.override = {
    describeOverview: async () => overview({ scheduledJobs: jobs }),
    list: async () => jobs,
    runNow: async (name, by) => {
      asked.push(`${name} by ${by}`);
      return answer;
    },
    turn: async (name, isOn, by) => {
      turned.push(`${name} ${isOn ? 'on' : 'off'} by ${by}`);
      jobs = jobs.map((job) => (job.name === name ? { ...job, isTurnedOn: isOn, nextAt: now } : job));
      return true;
    },
  };
});
afterEach(async () => {
  await world.stop();
});

async function openList(): Promise<Outcome> {
  return world.press(await world.run('status'), 'Scheduled jobs…');
}

describe('scheduled jobs in Discord', () => {
  it('are listed in the overview: first those that failed last, then the next ones', async () => {
    const text = textOf(await world.run('status'));
    const at = Math.floor(now / 1000);
    expect(text).toContain(
      `❌ shaky failed <t:${at + 1}:R>: HTTP 503 @\u200Beveryone\nstatus-sync <t:${at + 3600}:R>`,
    );
    expect(text).not.toContain('weekly');
  });

  it('are listed for operators with schedule, next time and the result of the last run', async () => {
    const list = await openList();
    expect(list.followUps).toMatchObject([{ ephemeral: true }]);
    const text = textOf(list);
    expect(text).toContain('**status-sync** · `0 2 * * *` · next <t:');
    expect(text).toContain('✅ done <t:');
    expect(text).toContain('1.2 s · 25 looked, 1 changed');
    expect(text).toContain('**weekly** · off\n-# never ran here');
  });

  it('are refused to others at the button, with an audit row, and nothing runs', async () => {
    const refused = await world.press(await world.run('status'), 'Scheduled jobs…', world.member);
    expect(refused.followUps).toMatchObject([
      { ephemeral: true, content: expect.stringMatching(/^You need Manage Server/) },
    ]);
    const list = await openList();
    await world.choose(list, ['status-sync'], world.member);
    expect(asked).toEqual([]);
    expect(world.fake.refusals.map(({ what }) => what)).toEqual(['jobs', 'run']);
  });

  it('run now when one is chosen, and the list says how the run ended', async () => {
    const after = await world.choose(await openList(), ['status-sync'], world.publisher);
    expect(asked).toEqual([`status-sync by discord:${world.publisher.id}`]);
    expect(after.content).toBe(
      `\`status-sync\`: ✅ done <t:${Math.floor((now + 1_200) / 1000)}:R> · 1.2 s · asked for by <@42> · 25 looked, 1 changed`,
    );
    answer = { kind: 'ran', run: run({ outcome: 'failed', counts: {}, note: 'git-host: HTTP 502' }) };
    expect((await world.choose(await openList(), ['shaky'])).content).toContain(': git-host: HTTP 502');
  });

  it('are not started twice: the answer says since when the job runs', async () => {
    answer = { kind: 'runs-already', since: now };
    const after = await world.choose(await openList(), ['shaky']);
    expect(after.content).toBe(`\`shaky\` runs already, since <t:${now / 1000}:R>.`);
    answer = { kind: 'runs-already', since: undefined };
    expect((await world.choose(await openList(), ['shaky'])).content).toContain('waits for its turn');
  });

  it('that are off are turned on after a look at what would be published, and turned off at once', async () => {
    world.fake.rows = [row('com.studio.core', 'ahead'), row('com.studio.equal', 'equal')];
    const question = await world.press(await openList(), 'Turn weekly on…');
    expect(question.followUps[0]?.content).toBe(
      'Turn `weekly` on? Today it would publish 1:\n• `com.studio.core` `1.2.0`',
    );
    expect(turned).toEqual([]);
    const done = await world.press(question, 'Turn on');
    expect(done.content).toMatch(/^✅ `weekly` is on now\. It runs <t:/);
    await world.press(await openList(), 'Turn weekly off');
    expect(turned).toEqual([
      `weekly on by discord:${world.operator.id}`,
      `weekly off by discord:${world.operator.id}`,
    ]);
  });
});
