import type { ModalAnswers, Outcome } from 'discord-stand-in';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failureButtons } from '../../src/bot/components/failure-buttons.ts';
import { announceJob, type JobFinished } from '../../src/domain/announcement/announcement.ts';
import type { Finding, PackageReport } from '../../src/domain/job/report.ts';
import { type CommandWorld, startCommandWorld, textOf } from './command-world.ts';
import { jobReport, packageReport } from './sample-answers.ts';

let world: CommandWorld;

beforeEach(async () => {
  world = await startCommandWorld();
});

afterEach(async () => world.stop());

function blocked(name: string, ...findings: readonly Partial<Finding>[]): PackageReport {
  return packageReport(name, {
    outcome: 'failed',
    reason: 'preflight-rejected',
    title: `${name} has no meta`,
    findings: findings.map((finding) => ({
      rule: 'meta.missing',
      severity: 'block',
      message: 'commit the meta',
      ...finding,
    })),
  });
}

/** Posts the job's message in the thread and gives the publisher its report. */
async function fail(...packages: readonly PackageReport[]) {
  world.fake.jobs.set(7, jobReport(7, { status: 'failed', packages }));
  const blank = announceJob({
    job: 7,
    dispatchId: 'abc',
    repository: 'studio/one',
    commit: 'c'.repeat(40),
    about: null,
    requestedBy: 'event',
    commitAuthor: undefined,
    status: 'failed',
    failure: undefined,
    results: [],
    earlier: new Map(),
    durationMs: 1,
    finishedAt: 1,
  });
  const ended = { ...(blank as JobFinished), packages, counts: { failed: packages.length } };
  await world.bot().thread.say(ended, 'job-7-finished');
  const message = world.discord.messages().at(-1);
  if (message === undefined) throw new Error('nothing was said');
  return { message, ended };
}

async function press(label: string, user = world.operator): Promise<Outcome> {
  const message = world.discord.messages().at(-1);
  const button = message?.buttons.find((known) => known.label === label);
  if (message === undefined || button?.customId === undefined) throw new Error(`There is no button ${label}`);
  return world.discord.press(message.id, button.customId, user);
}

async function fill(outcome: Outcome, answers: ModalAnswers, user = world.operator): Promise<Outcome> {
  if (outcome.modal === undefined) throw new Error('there is no form');
  return world.discord.submitModal(outcome.modal, answers, user);
}

const anyway = 'Publish anyway…';
const allow = 'Allow this secret finding…';

describe('the message of a job that preflight stopped', () => {
  it('offers operators to publish anyway, and secrets to be allowed one by one, but no way past a pointer', () => {
    const labels = (...packages: readonly PackageReport[]) => {
      const ended = { job: 7, packages, failure: null } as unknown as JobFinished;
      return failureButtons(ended).buttons.map(({ label }) => label);
    };
    expect(labels(blocked('com.studio.a', {}))).toEqual(['Retry', 'Details', anyway]);
    const secret = { rule: 'pack.secret', fingerprint: 'one' };
    expect(labels(blocked('com.studio.a', {}, secret))).toEqual(['Retry', 'Details', allow]);
    expect(labels(blocked('com.studio.a', { rule: 'pack.secret' }))).toEqual(['Retry', 'Details']);
    expect(labels(blocked('com.studio.a', {}, { rule: 'lfs.pointer' }))).toEqual(['Retry', 'Details']);
    const warned = { ...blocked('com.studio.a', { severity: 'warn' }), reason: 'registry-forbidden' };
    expect(labels(warned)).toEqual(['Retry', 'Details']);
  });
});

describe('the button Publish anyway', () => {
  it('asks for a reason, and lets the one stopped package through', async () => {
    await fail(blocked('com.studio.a', {}), packageReport('com.studio.b'));
    const form = await press(anyway);
    expect(form).toMatchObject({ type: 'modal', modal: { title: 'Publish anyway (#7)' } });
    expect(JSON.stringify(form.modal)).toMatch(/com\.studio\.a 1\.\d\.0, in spite of a finding/);
    const done = await fill(form, { reason: ' a demo\nis due ' });
    expect(done).toMatchObject({ ephemeral: true, content: 'Queued as #201.' });
    const by = `discord:${world.operator.id}`;
    expect(world.fake.exceptions).toEqual([{ job: 7, names: ['com.studio.a'], reason: 'a demo is due', by }]);
  });

  it('lets operators choose among several packages, and accepts no other ones', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `com.studio.${'a'.repeat(150)}${index}`);
    await fail(...names.map((name) => blocked(name, {})), blocked('com.studio.z', { rule: 'lfs.pointer' }));
    const done = await fill(await press(anyway), { packages: ['0', '24'], reason: 'why not' });
    expect(done.content).toBe('Queued as #201.');
    expect(world.fake.exceptions[0]).toMatchObject({ names: [names[0], names[24]] });
  });

  it('refuses everybody else, before the form and after it, and audits both', async () => {
    await fail(blocked('com.studio.a', {}));
    const refused = await press(anyway, world.member);
    expect(refused).toMatchObject({ type: 'reply', ephemeral: true });
    expect(refused.content).toMatch(/^You need Manage Server or <@&\d+> to do that\.$/);
    const form = await press(anyway, world.publisher);
    const forged = await fill(form, { reason: 'me too' }, world.member);
    expect(forged.content).toMatch(/^You need Manage Server/);
    expect(world.fake.countChanges()).toBe(0);
    expect(world.fake.refusals).toEqual([
      { by: `discord:${world.member.id}`, what: 'anyway 7' },
      { by: `discord:${world.member.id}`, what: 'anyway 7' },
    ]);
  });

  it('says why there is nothing to let through any more', async () => {
    await fail(blocked('com.studio.a', {}));
    world.fake.jobs.set(7, jobReport(7));
    expect((await press(anyway)).content).toMatch(/^Nothing of #7 can be let through like this/);
    world.fake.jobs.delete(7);
    expect((await press(anyway)).content).toMatch(/#7/);
    expect(world.fake.countChanges()).toBe(0);
  });

  it('says who was first when the job was followed meanwhile', async () => {
    await fail(blocked('com.studio.a', {}));
    const form = await press(anyway);
    world.fake.override = {
      publishAnyway: async () => ({
        kind: 'followed',
        job: 8,
        status: 'queued',
        requestedBy: 'discord:323456789012345678',
      }),
    };
    const done = await fill(form, { reason: 'late' });
    expect(done.content).toBe('#7 was already retried by <@323456789012345678> as #8 (queued).');
  });

  it('is shown on the message with the reason, inert, and the buttons of the message are removed', async () => {
    const { ended } = await fail(blocked('com.studio.a', {}));
    const told = { kind: 'job-retried', ended, by: '323456789012345678', as: 8 } as const;
    await world.bot().thread.say({ ...told, anyway: '@everyone **now**' }, 'job-7-retried-8');
    const message = world.discord.messages().at(-1);
    expect(message?.embeds[0]?.description).toContain(
      '🔓 <@323456789012345678> let it through as #8: @\u200Beveryone \\*\\*now\\*\\*',
    );
    expect(message?.buttons.map(({ label, disabled }) => [label, disabled])).toEqual([
      ['Let through as #8', true],
      ['Details', false],
      [anyway, true],
    ]);
  });
});

describe('the button Allow this secret finding', () => {
  it('allows exactly the chosen ones, by their fingerprints, never by the secrets themselves', async () => {
    const secrets = ['one', 'two', 'one'].map((fingerprint, index) => ({
      rule: 'pack.secret',
      file: `docs/${index}.txt`,
      line: 4,
      fingerprint,
      message: `docs/${index}.txt looks like a token`,
    }));
    await fail(blocked('com.studio.a', ...secrets));
    const form = await press(allow);
    expect(JSON.stringify(form.modal?.components)).toContain('docs/1.txt:4');
    const done = await fill(form, { findings: ['1'], reason: 'a sample' });
    expect(done.content).toBe('Queued as #201.');
    expect(world.fake.exceptions[0]).toMatchObject({ job: 7, fingerprints: ['two'], reason: 'a sample' });
    expect(textOf(done)).not.toContain('two');
  });

  it('is for operators only', async () => {
    await fail(blocked('com.studio.a', { rule: 'pack.secret', fingerprint: 'one' }));
    expect((await press(allow, world.member)).content).toMatch(/^You need Manage Server/);
    expect(world.fake.countChanges()).toBe(0);
  });
});
