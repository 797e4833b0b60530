import type { MessageView } from 'discord-stand-in';
import { beforeAll, describe, expect, it } from 'vitest';
import { gitSync } from '../../sandbox/git-sync.ts';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { discord, useSharedThread, world } from './shared-thread.ts';
import { readRows } from './stored-rows.ts';
import { contentsOf } from './tarballs.ts';
import { buttonOf, failure, isTitled, success } from './thread-world.ts';

const meta = 'Runtime/NoMeta.cs.meta';
const repairs = 'Repaired while packing';

useSharedThread();
beforeAll(async () => {
  await world.process.waitFor((line) => line.msg === 'commands registered');
});

/** Pushes a version with a script that has no meta; returns its final message. */
async function publish(name: string, version: string, title: string): Promise<MessageView> {
  const files = unityPackage(name, version, { folder: name });
  await world.publish({ files: { ...files, [`${name}/Runtime/NoMeta.cs`]: 'class NoMeta {}\n' } });
  return discord.waitForMessage(
    (message) => isTitled(title)(message) && JSON.stringify(message.embeds).includes(`${name}`),
  );
}

function fieldOf(message: MessageView, name: string): string | undefined {
  return message.embeds[0]?.fields?.find((field) => field.name === name)?.value;
}

describe('a repository whose fixes are made while packing', () => {
  const name = 'com.studio.staged';

  it('has a stopped version repaired, once an operator turns this on and somebody presses Retry', async () => {
    const op = discord.user({ name: 'Op', roles: [discord.operatorRoleId] });
    const failed = await publish(name, '1.0.0', failure);
    const options = { repository: world.slug, fixes: 'staging' };
    const changed = await discord.command({ name: 'register', subcommand: 'edit', options, user: op });
    expect(changed.content).toContain('fixes: off → staging');
    await discord.press(failed.id, buttonOf(failed, 'Retry'), op);
    const published = await discord.waitForMessage(isTitled(success));
    expect(fieldOf(published, repairs)).toMatch(
      /^🔧 com\.studio\.staged: meta\.missing: Runtime\/NoMeta\.cs\nThe repository is as it was: /,
    );
    expect(fieldOf(published, 'Warnings')).toBeUndefined();

    const packed = (await contentsOf(world, name)).get(meta)?.toString();
    expect(packed).toMatch(/^guid: [0-9a-f]{32}$/m);
    const fixed = await discord.press(published.id, buttonOf(published, 'Propose fix'), op);
    expect(fixed.content).toMatch(/opened \[pull request #1\].*what was published stays as it is/);
    const { bare, pulls } = world.github.repository(world.slug);
    expect(gitSync(['-C', bare, 'show', `${pulls[0]?.head}:${name}/${meta}`])).toBe(packed?.trim());
    const rows = readRows(world, "select actor from audit where action = 'repository-changed'");
    expect(rows).toContainEqual({ actor: `discord:${op.id}` });
    expect(discord.violations()).toEqual([]);
  });

  it('gets no message about the same repair for the next version', async () => {
    await world.publish({ files: unityPackage(name, '1.0.1', { folder: name }) });
    const next = await discord.waitForMessage(
      (message) => isTitled(success)(message) && JSON.stringify(message.embeds).includes('1.0.0 → 1.0.1'),
    );
    expect(fieldOf(next, repairs)).toBeUndefined();
    expect((await contentsOf(world, name, '1.0.1')).get(meta)?.toString()).toMatch(/^guid: /m);
  });
});
