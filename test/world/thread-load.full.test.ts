import type { Outcome } from 'discord-stand-in';
import { expect, it } from 'vitest';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { failOne, inThread, slowDown } from './thread-world.ts';

it('a press is acknowledged within a second while twenty jobs run', async () => {
  const slugs = Array.from({ length: 20 }, (_, index) => `studio/repository${index}`);
  const repositories = slugs.map((slug) => ({ slug }));
  await inThread({ repositories, env: { PUBLISH_CONCURRENCY: '20' } }, async ({ world, discord }) => {
    const { job, reply } = await failOne({ world, discord }, 'com.studio.failing');
    slowDown(world);
    for (const [index, slug] of slugs.entries()) {
      const name = `com.studio.load${index}`;
      const commit = world.push({ files: unityPackage(name, '1.0.0', { folder: name }) }, slug);
      await world.dispatch(commit, { repository: slug });
    }
    const started = new Set<unknown>();
    await world.process.waitFor((line) => {
      if (line.msg === 'job started') started.add(line['job']);
      return started.size === slugs.length + 1;
    });
    const ada = discord.user({ name: 'Ada' });
    const outcomes: Outcome[] = [];
    for (let press = 0; press < 20; press++) {
      outcomes.push(await discord.press(reply.id, `v1:details:${job.job}`, ada));
    }
    const slowest = Math.max(
      ...outcomes.map(({ acknowledgedInMs }) => acknowledgedInMs ?? Number.POSITIVE_INFINITY),
    );
    expect(slowest).toBeLessThan(1_000);
    expect(outcomes.every(({ ephemeral, content }) => ephemeral && content.includes(`#${job.job}`))).toBe(
      true,
    );
  });
});
