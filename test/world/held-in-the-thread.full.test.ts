import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MessageView } from 'discord-stand-in';
import { describe, expect, it, vi } from 'vitest';
import { publishWithNpm } from '../../sandbox/plain-npm.ts';
import { countLive, listHolds, listMissing, type Piece, send } from './held-versions.ts';
import { uploadsAt } from './report-reading.ts';
import { discord, useSharedThread, world } from './shared-thread.ts';
import { readRows } from './stored-rows.ts';
import { buttonOf, isTitled, titleOf, within } from './thread-world.ts';

const waits = '⏸️ Waits for other packages';
const slugs = ['studio/extensions', 'studio/di'] as const;

useSharedThread({ repositories: slugs.map((slug) => ({ slug })) });

/** A version that needs one of another repository, which is not there. */
function pair(label: string): readonly [Piece, Piece] {
  const [extensions, di] = ['extensions', 'di'].map((word) => `com.studio.${label}.${word}`);
  return [
    { slug: slugs[0], name: extensions ?? '', version: '1.1.0', dependencies: {} },
    { slug: slugs[1], name: di ?? '', version: '1.0.2', dependencies: { [extensions ?? '']: '1.1.0' } },
  ];
}

/** Sends what waits, and gives the message that says so. */
async function hold(piece: Piece): Promise<MessageView> {
  await world.finished(await send(world, piece));
  return discord.waitForMessage(
    (message) => isTitled(waits)(message) && JSON.stringify(message.embeds).includes(piece.name),
  );
}

async function publishByNpm({ name, version }: Piece): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'somebody-else-'));
  try {
    await writeFile(join(folder, 'package.json'), JSON.stringify({ name, version }));
    const { token, url: registry } = world.registry;
    await publishWithNpm(folder, { registry, token });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const now = ({ id }: MessageView): MessageView | undefined =>
  discord.messages().find((message) => message.id === id);
const textOf = (message: MessageView | undefined): string => message?.embeds[0]?.description ?? '';
const labelsOf = (message: MessageView | undefined): readonly string[] =>
  (message?.buttons ?? []).map(({ label }) => label ?? '');
const about = (name: string): readonly MessageView[] =>
  discord.messages().filter((message) => !message.deleted && JSON.stringify(message).includes(name));

describe('a version that waits for one of another repository', () => {
  it('is told with what it waits for; the message says that it went on, and no other does', async () => {
    const [extensions, di] = pair('told');
    const message = await hold(di);
    expect(textOf(message)).toContain(`⏸️ 1 waits for **${extensions.name} 1.1.0**: ${di.name}`);
    expect(labelsOf(message)).toEqual(expect.arrayContaining(['Retry', 'Stop waiting']));

    await send(world, extensions);
    await expect.poll(async () => listMissing(world, [extensions, di]), within).toEqual([]);
    await vi.waitFor(() => {
      expect(titleOf(now(message))).toBe('▶️ Waited for other packages');
      expect(textOf(now(message))).toMatch(
        new RegExp(`📦 \\*\\*${di.name} 1\\.0\\.2\\*\\* was published by #\\d+`),
      );
      expect(labelsOf(now(message))).not.toContain('Stop waiting');
    }, within);
    expect(about(di.name).filter((other) => titleOf(other).includes('Wait'))).toHaveLength(1);
    expect(uploadsAt(world).filter((name) => name.includes('.told.'))).toEqual([extensions.name, di.name]);
    expect(discord.violations()).toEqual([]);
  });

  it('goes on when somebody publishes that with plain npm', async () => {
    const [extensions, di] = pair('npm');
    const message = await hold(di);
    await publishByNpm(extensions);
    await expect.poll(async () => listMissing(world, [extensions, di]), within).toEqual([]);
    await vi.waitFor(
      () => expect(textOf(now(message))).toContain(`${di.name} 1.0.2** was published`),
      within,
    );
    expect(uploadsAt(world).filter((name) => name.includes('.npm.'))).toEqual([di.name]);
  });

  it('waits no more once an operator presses Stop waiting, whatever is published afterwards', async () => {
    const [extensions, di] = pair('stopped');
    const message = await hold(di);
    const stop = buttonOf(message, 'Stop waiting');
    const [ada, op] = [
      discord.user({ name: 'Ada' }),
      discord.user({ name: 'Op', roles: [discord.operatorRoleId] }),
    ];
    expect((await discord.press(message.id, stop, ada)).content).toMatch(/^You need Manage Server/);
    expect(listHolds(world, di.name)).toMatchObject([{ state: 'waiting' }]);
    const outcome = await discord.press(message.id, stop, op);
    expect(outcome).toMatchObject({
      ephemeral: true,
      content: expect.stringContaining('does not wait any more'),
    });
    await vi.waitFor(
      () => expect(textOf(now(message))).toContain(`⏹️ **${di.name} 1.0.2** was cancelled`),
      within,
    );
    expect(labelsOf(now(message))).not.toContain('Stop waiting');
    expect(listHolds(world, di.name)).toMatchObject([{ state: 'settled', outcome: 'cancelled' }]);
    const ended = "select actor from audit where action = 'hold-ended' and subject = ?";
    expect(readRows(world, ended, `${di.name}@1.0.2`)).toEqual([{ actor: `discord:${op.id}` }]);

    await world.finished(await send(world, extensions));
    await expect.poll(() => countLive(world), within).toBe(0);
    expect(await listMissing(world, [extensions, di])).toEqual([`${di.name}@1.0.2`]);
  });
});
