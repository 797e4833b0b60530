import type { ChooseFault, DiscordDouble, Fault } from 'discord-stand-in';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { World } from '../../sandbox/world.ts';
import { readCount } from '../world/stored-rows.ts';
import { failure, forbid, packages, standing, success, titles, within } from '../world/thread-world.ts';

type Request = Parameters<ChooseFault>[0];

const isPost = ({ method, path }: Request): boolean => method === 'POST' && path.endsWith('/messages');
const isReply = (request: Request): boolean =>
  isPost(request) && JSON.stringify(request.body).includes('message_reference');
const isEdit = ({ method }: Request): boolean => method === 'PATCH';

/** Kills the process in the first matching request, and applies the fault to this request. */
function killIn(fits: (request: Request) => boolean, fault: Fault, kill: () => void): void {
  let isOver = false;
  discord.setFault((request) => {
    if (isOver || !fits(request)) return undefined;
    isOver = true;
    kill();
    return fault;
  });
}

const points: readonly (readonly [string, (request: Request) => boolean, Fault])[] = [
  ['before the message of an outcome is stored', isPost, { kind: 'hang' }],
  [
    'after the message of an outcome is stored and before that is recorded',
    isPost,
    { kind: 'storeThenHang' },
  ],
  ['before its failure reply is stored', isReply, { kind: 'hang' }],
  ['after its failure reply is stored and before that is recorded', isReply, { kind: 'storeThenHang' }],
  ['before an edit is stored', isEdit, { kind: 'hang' }],
  ['after an edit is stored and before that is recorded', isEdit, { kind: 'storeThenHang' }],
];

let world: World;
let discord: DiscordDouble;
let killAtEnd = false;
let count = 0;
let core: string;
let ui: string;
/** Number of messages from earlier tests. */
let before: number;

beforeAll(async () => {
  world = await World.start({
    discord: true,
    onLine: (line, child) => {
      if (!killAtEnd || line.msg !== 'job finished') return;
      killAtEnd = false;
      child.kill('SIGKILL');
    },
  });
  if (world.discord === undefined) throw new Error('a world without a Discord');
  discord = world.discord;
});

beforeEach(() => {
  count += 1;
  core = `com.studio.core${count}`;
  ui = `com.studio.ui${count}`;
  before = standing(discord).length;
  discord.setFault(undefined);
  discord.clearRequests();
});

afterAll(async () => world.stop());

const told = (): readonly string[] => titles(discord).slice(before);

/** Waits for the kill, starts the process again, and waits until nothing is left to be announced. */
async function dispatchThroughKill(): Promise<void> {
  await world.dispatch(world.push({ files: packages(core, ui) }));
  expect(await world.process.exited).toBe('SIGKILL');
  world.process = await world.startProcess();
  await vi.waitFor(() => expect(told()).toEqual([success, failure]), within);
  const unsent = 'select count(*) from outbox where sent_at is null';
  await vi.waitUntil(() => readCount(world, unsent) === 0, within);
}

describe('a process that is killed', () => {
  it.each(points)(
    '%s, leaves one final state and one failure reply after the restart',
    async (_, fits, fault) => {
      const { process } = world;
      killIn(fits, fault, () => process.kill('SIGKILL'));
      if (fits === isEdit) refuseOneSlowly();
      else forbid(world, ui);
      await dispatchThroughKill();
      expect(told()).toEqual([success, failure]);
      expect(discord.violations()).toEqual([]);
    },
  );

  it('between its PUT and its message, announces the outcome once after the restart', async () => {
    killAtEnd = true;
    forbid(world, ui);
    await dispatchThroughKill();
    expect(told()).toEqual([success, failure]);
  });
});

/** Refuses one package and delays the other one's upload by seconds, so that the live message is edited. */
function refuseOneSlowly(): void {
  world.proxy.setFaults(({ method, path }) => {
    if (method !== 'PUT') return undefined;
    if (path === `/${ui}`) return { kind: 'status', status: 403, when: 'after-body' };
    return path === `/${core}` ? { kind: 'dribble', chunkBytes: 1, everyMs: 100 } : undefined;
  });
}
