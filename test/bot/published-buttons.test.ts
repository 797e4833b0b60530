import type { MessageView, Outcome } from 'discord-stand-in';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { publishedButtons } from '../../src/bot/components/published-buttons.ts';
import { type CommandWorld, menusOf, startCommandWorld, textOf } from './command-world.ts';
import { jobReport, packageReport, row } from './sample-answers.ts';
import { links, sampleFailed, sampleJob, samplePackage } from './sample-job.ts';

const [one, two] = ['com.studio.one', 'com.studio.two'] as const;

describe('the buttons below what was published', () => {
  const urlOf = (names: readonly string[]): string | undefined => {
    const buttons = publishedButtons(sampleJob(names.map((name) => samplePackage(name))), links);
    return buttons.flatMap((button) => (button.kind === 'link' ? [button.url] : []))[0];
  };

  it('lead to the version when it is the only one, else to the registry', () => {
    expect(urlOf([one])).toBe('https://registry.test/com.studio.one/1.3.0');
    expect(urlOf([one, two])).toBe('https://registry.test/');
    expect(urlOf(['ü'.repeat(214)])).toBe('https://registry.test/');
  });

  it('offer Propose fix for what was repaired while packing, to bring the repair into the repository', () => {
    const finding = { rule: 'meta.missing', severity: 'warn', file: 'A.cs', message: '' } as const;
    const repaired = { ...finding, loweredBy: 'repair' } as const;
    const buttons = publishedButtons(sampleJob([samplePackage(one, { findings: [repaired] })]), links);
    expect(buttons.map(({ label }) => label)).toEqual(['Changelog', 'Registry', 'Propose fix']);
  });

  it('are absent when nothing was published', () => {
    expect(publishedButtons(sampleJob([sampleFailed(one)]), links)).toEqual([]);
  });
});

describe('Changelog on what was published', () => {
  let world: CommandWorld;

  beforeEach(async () => {
    world = await startCommandWorld();
  });

  afterEach(async () => world.stop());

  /** Makes a job that published these packages, and posts its message. */
  async function announce(names: readonly string[]): Promise<MessageView> {
    const ended = sampleJob(names.map((name) => samplePackage(name)));
    world.fake.rows = names.map((name) => row(name, 'equal'));
    const failed = packageReport('com.studio.failed', { outcome: 'failed' });
    const packages = [failed, ...names.map((name) => packageReport(name))];
    world.fake.jobs.set(ended.job, jobReport(ended.job, { packages }));
    await world.bot().thread.say(ended, 'announcement-1');
    const message = world.discord.messages().at(-1);
    if (message === undefined) throw new Error('nothing was said');
    return message;
  }

  async function press(message: MessageView): Promise<Outcome> {
    const button = message.buttons.find(({ label }) => label === 'Changelog');
    return world.discord.press(message.id, button?.customId ?? '', world.member);
  }

  it('shows the entry of the only package to anybody who presses, even after a restart', async () => {
    const message = await announce([one]);
    expect(textOf(await press(message))).toContain(`📝 ${one} 1.2.0`);
    await world.restart();
    const [shown] = (await press(message)).followUps;
    expect(shown?.ephemeral).toBe(true);
    expect(shown?.embeds[0]?.title).toBe(`📝 ${one} 1.2.0`);
  });

  it('asks which package when there are several', async () => {
    const asked = await press(await announce([one, two]));
    const [menu] = menusOf(asked);
    expect(menu?.options.map(({ label }) => label)).toEqual([one, two]);
    expect(textOf(await world.choose(asked, ['1'], world.member))).toContain(`📝 ${two} 1.2.0`);
  });

  it('offers a hundred packages, and names the command for more', async () => {
    const names = Array.from({ length: 109 }, (_, index) => `com.studio.p${index}`);
    const asked = await press(await announce(names));
    expect(textOf(asked)).toContain('`/changelog` shows those of 9 more.');
    expect(menusOf(asked).flatMap(({ options }) => options.map(({ label }) => label))).toEqual(
      names.slice(0, 100),
    );
  });

  it('says so when the job is unknown here', async () => {
    const message = await announce([one]);
    world.fake.jobs.clear();
    expect(textOf(await press(message))).toContain('No job');
  });
});
