import type { DiscordDouble, DiscordUser, MessageView, Outcome } from 'discord-stand-in';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { World } from '../../sandbox/world.ts';
import { readCount, readRows } from './stored-rows.ts';
import { buttonOf, failOne, isTitled, slowDown, success, titleOf, within } from './thread-world.ts';

const mapped = '323456789012345678';
const failureRole = '423456789012345678';

let world: World;
let discord: DiscordDouble;
let names = 0;
let name: string;
let ada: DiscordUser;
let op: DiscordUser;

beforeAll(async () => {
  const env = { DISCORD_USERS: `ada:${mapped}`, DISCORD_FAILURE_ROLE_ID: failureRole };
  world = await World.start({ discord: true, env });
  if (world.discord === undefined) throw new Error('a world without a Discord');
  discord = world.discord;
  ada = discord.user({ name: 'Ada' });
  op = discord.user({ name: 'Op', roles: [discord.operatorRoleId] });
});

beforeEach(() => {
  name = `com.studio.tool${++names}`;
  world.proxy.clear();
});

afterAll(async () => world.stop());

const countJobs = (): number => readCount(world, 'select count(*) from jobs');
const now = (message: MessageView): MessageView | undefined =>
  discord.messages().find(({ id }) => id === message.id);

describe('the button Retry', () => {
  it('publishes what the registry refused once it is permitted, and the message says who pressed', async () => {
    const { job, reply } = await failOne({ world, discord }, name);
    expect(job.status).toBe('failed');
    const shown = JSON.stringify(reply.embeds);
    expect(shown).toContain('The registry does not let us publish');
    expect(shown).toContain('press Retry');
    expect(reply.buttons.map(({ label, disabled }) => [label, disabled])).toEqual([
      ['Retry', false],
      ['Details', false],
    ]);

    world.proxy.clear();
    const outcome = await discord.press(reply.id, buttonOf(reply, 'Retry'), ada);
    const next = job.job + 1;
    expect(outcome).toMatchObject({ ephemeral: true, type: 'deferred', content: `Queued as #${next}.` });
    await discord.waitForMessage((message) => isTitled(success)(message) && message.content.includes(name));
    expect((await world.packument(name))?.['dist-tags']['latest']).toBe('1.0.0');
    await vi.waitFor(() => {
      expect(now(reply)?.buttons.map(({ label, disabled }) => [label, disabled])).toEqual([
        [`Retried as #${next}`, true],
        ['Details', false],
      ]);
      expect(now(reply)?.embeds[0]?.description).toContain(`<@${ada.id}> retried it as #${next}`);
    }, within);
    expect(discord.violations()).toEqual([]);
  });

  it('pressed by two people at once makes one job, and the second reads who was first', async () => {
    const { job, reply } = await failOne({ world, discord }, name);
    world.proxy.clear();
    const before = countJobs();
    const bob = discord.user({ name: 'Bob' });
    const [one, two] = await Promise.all(
      [ada, bob].map(async (user) => discord.press(reply.id, buttonOf(reply, 'Retry'), user)),
    );
    const next = job.job + 1;
    const answers = [one?.content ?? '', two?.content ?? ''];
    const winner = answers.indexOf(`Queued as #${next}.`) === 0 ? ada : bob;
    const expected = [
      `Queued as #${next}.`,
      `#${job.job} was already retried by <@${winner.id}> as #${next}`,
    ];
    expect(answers.toSorted().map((text) => text.replace(/ \(.*/, ''))).toEqual(expected.toSorted());
    expect(countJobs()).toBe(before + 1);
    await discord.waitForMessage((message) => isTitled(success)(message) && message.content.includes(name));
  });

  it('works after a restart, on a message of the process before', async () => {
    const { job, reply } = await failOne({ world, discord }, name);
    world.proxy.clear();
    await world.restart('SIGKILL');
    await world.process.waitFor((line) => line.msg === 'discord ready');
    const outcome = await discord.press(reply.id, buttonOf(reply, 'Retry'), ada);
    expect(outcome.content).toBe(`Queued as #${job.job + 1}.`);
    await discord.waitForMessage((message) => isTitled(success)(message) && message.content.includes(name));
  });

  it('of a job that somebody dispatched again names the job that followed', async () => {
    const { job, commit, reply } = await failOne({ world, discord }, name);
    world.proxy.clear();
    await world.dispatch(commit);
    const outcome = await discord.press(reply.id, buttonOf(reply, 'Retry'), ada);
    expect(outcome.content).toContain(`#${job.job} was already followed by #${job.job + 1}`);
  });
});

describe('a failure reply', () => {
  it('notifies exactly the pusher that the settings know, else the one role', async () => {
    const forbidden = { kind: 'status', status: 403, when: 'after-body' } as const;
    world.proxy.setFaults(({ method }) => (method === 'PUT' ? forbidden : undefined));
    const pings: unknown[] = [];
    for (const author of ['Ada', '<@&1> @everyone']) {
      name = `com.studio.tool${++names}`;
      await world.publish(
        { files: unityPackage(name, '1.0.0', { folder: name }) },
        { commit_author: author },
      );
      const reply = await discord.waitForMessage(
        ({ content, reference, embeds }) =>
          content.includes(name) && (reference !== undefined || (embeds[0]?.title ?? '').includes('Failed')),
      );
      pings.push(reply.pings);
    }
    expect(pings).toEqual([
      { everyone: false, users: [mapped], roles: [] },
      { everyone: false, users: [], roles: [failureRole] },
    ]);
  });

  it('shows the stages and the log of its job to the person who presses Details, and to nobody else', async () => {
    const { job, reply } = await failOne({ world, discord }, name);
    const outcome = await discord.press(reply.id, buttonOf(reply, 'Details'), ada);
    const text = `${outcome.content}${outcome.attachments.map((file) => file.text()).join('')}`;
    expect(outcome.ephemeral).toBe(true);
    for (const word of [`#${job.job}`, 'fetch', 'publish', 'job finished']) expect(text).toContain(word);
    expect(text).not.toContain(world.registry.token);
  });
});

describe('a press that must not do anything', () => {
  const forged: readonly (readonly [string, string, RegExp])[] = [
    ['of a job that is not there', 'v1:retry:999999', /no job #999999/],
    ['of an older version', 'v0:retry:1', /older version/],
    ['of a button that is not known', 'v1:drop:1', /older version/],
    ['with more than an id', 'v1:retry:1;drop table jobs', /older version/],
    ['that is longer than Discord allows', `v1:retry:${'9'.repeat(5_000)}`, /older version|no job/],
    ['that is no id at all', '@everyone <@1> `', /older version/],
  ];
  it('is answered only to the person who pressed, starts nothing, and is audited when it is forged', async () => {
    const { reply } = await failOne({ world, discord }, name);
    const before = countJobs();
    for (const [why, id, answer] of forged) {
      const outcome = await discord.press(reply.id, id, ada);
      expect([why, outcome.ephemeral, outcome.content]).toEqual([why, true, expect.stringMatching(answer)]);
    }
    const elsewhere = await discord.press(reply.id, buttonOf(reply, 'Retry'), ada, {
      guildId: '999999999999999999',
    });
    expect(elsewhere.content).toBe('This bot does not work here.');
    expect(countJobs()).toBe(before);
    const audited = readRows(world, "select actor, subject from audit where action = 'press-refused'");
    expect(audited.length).toBeGreaterThanOrEqual(forged.length - 1);
    expect(audited).toContainEqual({ actor: `discord:${ada.id}`, subject: 'guild 999999999999999999' });
  });
});

describe('the button Cancel', () => {
  it('stops a running job for an operator, and what was published stays published', async () => {
    const chain = ['a', 'b', 'c', 'd'].map((letter) => `${name}.${letter}`);
    const files = chain.map((item, index) => {
      const needed = chain[index - 1];
      const dependencies = needed === undefined ? {} : { [needed]: '1.0.0' };
      return unityPackage(item, '1.0.0', { folder: `Packages/${item}`, dependencies });
    });
    slowDown(world, 3);
    const { id, job } = await world.dispatch(world.push({ files: Object.assign({}, ...files) }));
    const live = await discord.waitForMessage(
      (message) => (message.embeds[0]?.description ?? '').includes('1 of 4') && !message.deleted,
    );
    const cancel = buttonOf(live, 'Cancel');
    expect((await discord.press(live.id, cancel, ada)).content).toMatch(/^You need Manage Server/);
    const outcome = await discord.press(live.id, cancel, op);
    expect(outcome).toMatchObject({
      ephemeral: true,
      content: expect.stringContaining(`#${job} is being stopped`),
    });
    const ended = await world.finished(id);
    expect(ended).toMatchObject({ status: 'cancelled', failure: { reason: 'cancelled' } });
    const published = ended.packages.filter((item) => item.outcome === 'published').map((item) => item.name);
    expect(published).toContain(chain[0]);
    expect(published).not.toContain(chain[3]);
    expect(await world.packument(chain[0] ?? '')).toBeDefined();
    expect(await world.packument(chain[3] ?? '')).toBeUndefined();
    await vi.waitFor(() => {
      expect(titleOf(now(live))).toBe(`⏹️ Cancelled after ${published.length} published`);
      expect(now(live)?.embeds[0]?.description).toContain(`Cancelled by <@${op.id}>`);
      expect(now(live)?.buttons.map(({ label }) => label)).toEqual(['Changelog', 'Registry']);
    }, within);
    expect((await discord.press(live.id, cancel, op)).content).toBe(
      `#${job} is over: there is nothing to cancel.`,
    );
    const asked = "select actor from audit where action = 'job-cancel-asked' and subject = ?";
    expect(readRows(world, asked, `#${job}`)).toContainEqual({ actor: `discord:${op.id}` });
  });

  it('ends a job that waits for the registry', async () => {
    world.proxy.setFaults(({ method, path }) =>
      method === 'PUT' || path === '/-/whoami' ? { kind: 'status', status: 401 } : undefined,
    );
    const { id, job } = await world.dispatch(
      world.push({ files: unityPackage(name, '1.0.0', { folder: name }) }),
    );
    const live = await discord.waitForMessage(
      (message) =>
        isTitled('⏳ Publishing waits')(message) &&
        (message.embeds[0]?.footer?.text ?? '').startsWith(`#${job} `),
    );
    const outcome = await discord.press(live.id, buttonOf(live, 'Cancel'), op);
    expect(outcome.content).toBe(`#${job} is cancelled.`);
    expect((await world.report(id)).jobs.at(-1)?.status).toBe('cancelled');
    await vi.waitFor(() => expect(titleOf(now(live))).toMatch(/^⏹️ Cancelled/u), within);
  });
});

// The last test, because it replaces the process by another one.
describe('Retry where only some roles may press it', () => {
  it('is refused to a stranger, and granted to these roles', async () => {
    const retryRole = discord.operatorRoleId;
    world.process.kill('SIGTERM');
    await world.process.exited;
    world.process = await world.startProcess({
      DISCORD_RETRY_ROLE_IDS: retryRole,
      DISCORD_OPERATOR_ROLE_IDS: '',
    });
    await world.process.waitFor((line) => line.msg === 'discord ready');
    const { job, reply } = await failOne({ world, discord }, name);
    const before = countJobs();
    const press = async (user: DiscordUser): Promise<Outcome> =>
      discord.press(reply.id, buttonOf(reply, 'Retry'), user);
    const stranger = discord.user({ name: 'Stranger' });
    expect((await press(stranger)).content).toBe(`You need Manage Server or <@&${retryRole}> to do that.`);
    const sql = "select subject from audit where action = 'press-refused' and actor = ?";
    expect(readRows(world, sql, `discord:${stranger.id}`)).toEqual([{ subject: `#${job.job}` }]);
    expect(countJobs()).toBe(before);
    world.proxy.clear();
    const member = discord.user({ name: 'Member', roles: [retryRole] });
    expect((await press(member)).content).toBe(`Queued as #${job.job + 1}.`);
  });
});
