import type { MessageView } from 'discord-stand-in';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { gitSync } from '../../sandbox/git-sync.ts';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { discord, useSharedThread, world } from './shared-thread.ts';
import { readRows } from './stored-rows.ts';
import { contentsOf } from './tarballs.ts';
import { buttonOf, failure, isTitled, success, within } from './thread-world.ts';

const label = 'Propose fix';
const meta = 'Runtime/NoMeta.cs.meta';

useSharedThread();
beforeAll(() => world.sendWebhooks());

/** Publishes a package with a script that has no meta; returns the failure message. */
async function block(name: string): Promise<{ readonly commit: string; readonly failed: MessageView }> {
  const files = unityPackage(name, '1.0.0', { folder: name });
  const commit = world.push({ files: { ...files, [`${name}/Runtime/NoMeta.cs`]: 'class NoMeta {}\n' } });
  await world.finished((await world.dispatch(commit)).id);
  const failed = await discord.waitForMessage(
    (message) => isTitled(failure)(message) && message.content.includes(name),
  );
  return { commit, failed };
}

function pulls() {
  return world.github.repository(world.slug).pulls;
}

function git(...args: readonly string[]): string {
  return gitSync(['-C', world.github.repository(world.slug).bare, ...args]);
}

describe('a script without a meta', () => {
  it('is repaired by a pull request that somebody asks for with a button, and published once that is merged', async () => {
    const name = 'com.studio.mended';
    const mia = discord.user({ name: 'Mia' });
    const ada = discord.user({ name: 'Ada' });
    const { commit, failed } = await block(name);
    const id = buttonOf(failed, label);

    const [first, second] = await Promise.all([
      discord.press(failed.id, id, mia),
      discord.press(failed.id, id, ada),
    ]);
    expect([first.content, second.content].toSorted()).toEqual([
      expect.stringMatching(/opened \[pull request #1\]/),
      expect.stringMatching(/there is already \[pull request #1\]/),
    ]);
    expect(pulls()).toHaveLength(1);
    const branch = `upm-fix/${name}-${commit.slice(0, 7)}`;
    expect(git('diff', '--name-status', commit, branch)).toBe(`A\t${name}/${meta}`);
    await vi.waitFor(() => {
      const now = discord.messages().find((message) => message.id === failed.id);
      expect(now?.embeds[0]?.description).toMatch(/🔧 Proposed fix: \[pull request #1\]\(/);
    }, within);

    const written = git('show', `${branch}:${name}/${meta}`);
    world.github.merge(world.slug, 1);
    await discord.waitForMessage((message) => isTitled(success)(message) && message.content.includes(name));
    const packed = (await contentsOf(world, name)).get(meta)?.toString();
    expect(packed?.trim()).toBe(written);
    expect(packed).toMatch(/^MonoImporter:$/m);

    const again = await discord.press(failed.id, id, mia);
    expect([again.ephemeral, again.content]).toEqual([true, expect.stringContaining('merged already')]);
    expect(pulls()).toHaveLength(1);
    const rows = readRows(world, "select subject from audit where action = 'fix-proposed'");
    expect(rows).toEqual([{ subject: name }]);
    expect(discord.violations()).toEqual([]);
  });

  it('gets no second pull request when the process died right after it was opened', async () => {
    const name = 'com.studio.killed';
    const mia = discord.user({ name: 'Mia' });
    const { failed } = await block(name);
    const before = pulls().length;
    world.github.setFault(({ method, path }) =>
      method === 'POST' && path.endsWith('/pulls') ? { kind: 'storeThenReset' } : undefined,
    );
    void discord.press(failed.id, buttonOf(failed, label), mia).catch(() => undefined);
    await vi.waitFor(() => expect(pulls()).toHaveLength(before + 1), within);
    await world.restart('SIGKILL');
    world.github.setFault(undefined);
    world.sendWebhooks();
    await world.process.waitFor((line) => line.msg === 'discord ready');
    const answer = await discord.press(failed.id, buttonOf(failed, label), mia);
    expect(answer.content).toContain(`[pull request #${pulls().at(-1)?.number}]`);
    expect(pulls()).toHaveLength(before + 1);
  });

  it('gets an answer in plain words where the publisher may not write', async () => {
    const name = 'com.studio.locked';
    const { failed } = await block(name);
    world.github.setFault(({ method, path }) =>
      method === 'POST' && path.endsWith('/git/refs')
        ? { kind: 'status', status: 403, body: { message: 'Resource not accessible by integration' } }
        : undefined,
    );
    const answer = await discord.press(failed.id, buttonOf(failed, label), discord.user({ name: 'Mia' }));
    world.github.setFault(undefined);
    expect(answer.content).toMatch(/^⚠️ com\.studio\.locked: .*(write|access|permission)/i);
  });
});
