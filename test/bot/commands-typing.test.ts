import type { Choice } from 'discord-stand-in';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/adapters/system/system-clock.ts';
import { replaceWorld, useCommandWorld, withTwoAhead, world } from './command-bot.ts';

useCommandWorld(withTwoAhead);

async function type(
  name: string,
  focused: string,
  options: Readonly<Record<string, string | number>>,
  subcommand?: string,
): Promise<readonly Choice[]> {
  const typed = {
    name,
    focused,
    options,
    user: world.member,
    ...(subcommand === undefined ? {} : { subcommand }),
  };
  const outcome = await world.discord.autocomplete(typed);
  expect(outcome.type).toBe('choices');
  return outcome.choices;
}

const valuesOf = (choices: readonly Choice[]) => choices.map(({ value }) => value);

describe('autocomplete of command options', () => {
  it('suggests packages, repositories, refs, versions and jobs', async () => {
    expect(valuesOf(await type('publish', 'package', { package: 'core' }))).toEqual(['com.studio.core']);
    expect(valuesOf(await type('unpublished', 'repository', { repository: 'two' }))).toEqual(['studio/two']);
    expect(valuesOf(await type('publish', 'ref', { ref: '' }))).toEqual(['main']);
    const named = { ref: 'rel', repository: 'studio/one' };
    expect(valuesOf(await type('publish', 'ref', named))).toEqual(['release/1.x']);
    const edited = { repository: 'studio/one', owns: 'ui' };
    expect(valuesOf(await type('register', 'owns', edited, 'edit'))).toEqual(['com.studio.ui']);
    expect(await type('status', 'job', { job: '1' })).toEqual([
      { name: '#12 published studio/one', value: 12 },
    ]);
    const versions = await type('changelog', 'version', { package: 'com.studio.core', version: '' });
    expect(valuesOf(versions)).toEqual(['unreleased', '1.1.0', '1.0.0']);
    expect(
      valuesOf(await type('changelog', 'version', { package: 'com.studio.core', version: '1.0.' })),
    ).toEqual(['1.0.0']);
  });

  it.each([1, 25, 26, 109, 1_000, 10_000])('offers at most 25 of %i packages', async (count) => {
    world.fake.override = {
      suggestPackages: async () => Array.from({ length: count }, (_, index) => `com.studio.p${index}`),
    };
    expect(await type('status', 'package', { package: '' })).toHaveLength(Math.min(count, 25));
  });

  it('offers nothing whose value would have to be cut, and cuts only labels', async () => {
    const long = `com.studio.${'x'.repeat(200)}`;
    world.fake.override = {
      suggestPackages: async () => [long, '', 'com.studio.core'],
      suggestJobs: async () => [{ job: 1, label: `#1 \u202E${'👍'.repeat(200)}` }],
    };
    expect(valuesOf(await type('status', 'package', { package: '' }))).toEqual(['com.studio.core']);
    const [job] = await type('status', 'job', { job: '1' });
    expect(job?.name.length).toBeLessThanOrEqual(100);
    expect(job?.name).toMatch(/^#1 👍+…$/u);
  });

  it('passes 6,000 typed characters on shortened and complete', async () => {
    const seen: string[] = [];
    world.fake.override = {
      suggestPackages: async (typed) => {
        seen.push(typed);
        return [];
      },
    };
    expect(await type('status', 'package', { package: '👍'.repeat(3_000) })).toEqual([]);
    expect(seen).toHaveLength(1);
    expect(seen[0]?.length).toBeLessThanOrEqual(300);
    expect(seen[0]?.isWellFormed()).toBe(true);
  });

  it('answers with nothing in time when the choices are late', async () => {
    // Makes the two seconds that choices may take pass at once.
    const clock = {
      now: () => systemClock.now(),
      monotonic: () => systemClock.now(),
      sleep: async (ms: number, signal?: AbortSignal) =>
        ms === 2_000 ? undefined : systemClock.sleep(ms, signal),
    };
    await replaceWorld({ clock });
    world.fake.override = { suggestRepositories: async () => new Promise(() => undefined) };
    expect(await type('status', 'repository', { repository: 'x' })).toEqual([]);
  });

  it('answers with nothing instead of an error', async () => {
    world.fake.override = {
      suggestPackages: async () => {
        throw new Error('the database is away');
      },
    };
    expect(await type('status', 'package', { package: 'x' })).toEqual([]);
    expect(world.log.map(({ message }) => message)).toContain('choices could not be found');
    expect(await type('status', 'nothing', { nothing: 'x' })).toEqual([]);
  });
});
