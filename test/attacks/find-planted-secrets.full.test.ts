import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DiscordUser, Outcome } from 'discord-stand-in';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { meta, noise, type TreeFiles, unityPackage } from '../../sandbox/unity-repository.ts';
import { folderOf } from '../world/releasing.ts';
import { packageOf } from '../world/report-reading.ts';
import { readRows } from '../world/stored-rows.ts';
import { bearersIn, leaksToChildren, leaksToNeighbours } from './leaks.ts';
import { findPlanted, formsOfAll, namesIn, type Planted } from './planted.ts';
import { type HowGiven, type PlantedWorld, startPlantedWorld } from './planted-world.ts';

const ways: readonly HowGiven[] = ['as values', 'in files'];

/** What an attacker is after: any credential, in anything that the process writes, keeps, starts or sends out. */
describe.each(ways)('credentials that are given %s', (how) => {
  let folder: string;
  let studio: PlantedWorld;
  let operator: DiscordUser;
  const answers: string[] = [];
  /** Answers to commands, kept until the end because they go on changing until then. */
  const outcomes: Outcome[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'upm-planted-'));
    studio = await startPlantedWorld(folder, how);
    operator = studio.discord.user({ name: 'Olga', roles: [studio.discord.operatorRoleId] });
  });

  afterAll(async () => {
    await studio?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Returns each credential in every form, with the tokens that GitHub has issued or seen since. */
  function planted(): Planted {
    const shown = bearersIn(studio.taps.github);
    const issued = new Set([...studio.world.github.state.tokens.keys(), ...shown]);
    const named = [...issued].map((token, index) => [`token ${index} of GitHub`, token] as const);
    return formsOfAll({ ...studio.secrets, ...Object.fromEntries(named) });
  }

  const found = (text: string): readonly string[] => namesIn(Buffer.from(text, 'latin1'), planted());

  function filesOf(name: string, files: TreeFiles = {}, version = '1.0.0'): TreeFiles {
    return unityPackage(name, version, { folder: folderOf(name), files });
  }

  /** Removes the changelog, so that the version has no entry of its own and the model is asked for one. */
  function untold(files: TreeFiles): TreeFiles {
    return Object.fromEntries(Object.entries(files).filter(([path]) => !path.endsWith('/CHANGELOG.md')));
  }

  async function ask(path: string, init: RequestInit = {}): Promise<void> {
    const answer = await fetch(`${studio.world.process.url}${path}`, init);
    answers.push(`${answer.status} ${JSON.stringify([...answer.headers])} ${await answer.text()}`);
  }

  async function readEverything(dispatch: string): Promise<void> {
    const paths = ['/healthz', '/readyz', '/metrics', '/openapi.json', '/nowhere', `/dispatches/${dispatch}`];
    for (const path of paths) await ask(path);
  }

  it('see a package published that is signed, worded by a model, and whose model file is a Git LFS object', async () => {
    const { world, gemini } = studio;
    const name = 'com.studio.planted.good';
    gemini.setAnswer(({ changes }) =>
      changes.map(({ number, text }) => ({
        section: 'Changed',
        text: `${text} ${gemini.key}`,
        changes: [number],
      })),
    );
    const pointer = world.host.lfs.put(noise(name, 50_000));
    await world.publish({ files: filesOf(name) });
    const door = `${folderOf(name)}/Runtime/Door.cs`;
    world.push({ message: 'Open doors', files: { [door]: '// door\n', [`${door}.meta`]: meta('door') } });
    const model = 'Runtime/Model.fbx';
    const files = filesOf(name, { [model]: pointer, [`${model}.meta`]: meta('model') }, '1.1.0');
    const { id } = await world.dispatch(world.push({ message: 'Let players jump', files: untold(files) }));
    const job = await world.finished(id);
    const worded = { wordedByModel: true, changelog: expect.stringContaining('Open doors «redacted»') };
    expect(packageOf(job, name)).toMatchObject({ outcome: 'published', ...worded });
    await studio.discord.waitForMessage((message) => JSON.stringify(message).includes(name));
    await readEverything(id);
  });

  it('see a webhook accepted and others refused', async () => {
    const { world } = studio;
    world.sendWebhooks();
    const after = world.push({ files: filesOf('com.studio.planted.hooked') });
    const sent = await world.github.announcePush(world.slug, {
      ref: 'refs/heads/main',
      before: '0'.repeat(40),
      after,
    });
    expect(sent?.statusCode).toBe(202);
    await world.process.waitFor(({ msg, delivery }) => msg === 'webhook handled' && delivery === sent?.guid);
    const headers = { 'content-type': 'application/json', 'x-github-event': 'push' };
    for (const signature of [world.webhookSecret, `sha256=${'0'.repeat(64)}`]) {
      await ask('/webhooks/github', {
        method: 'POST',
        body: `{"secret":"${world.webhookSecret}"}`,
        headers: { ...headers, 'x-hub-signature-256': signature },
      });
    }
    expect(answers.slice(-2).map((answer) => answer.slice(0, 3))).toEqual(['401', '401']);
  });

  it('see each neighbour refuse them and repeat what it was sent', async () => {
    const { world, discord, gemini, secrets } = studio;
    const body = JSON.stringify({ error: `bad token ${secrets['NPM_TOKEN']}` });
    const { GITHUB_TOKEN, GITHUB_APP_PRIVATE_KEY, DISCORD_TOKEN, GEMINI_API_KEY } = secrets;
    const ofGitHub = [GITHUB_TOKEN, GITHUB_APP_PRIVATE_KEY, ...world.github.state.tokens.keys()].join(' ');
    gemini.setFault({ kind: 'text', text: `${GEMINI_API_KEY}` });
    discord.setFault(({ method, count }) =>
      method === 'POST' && count % 2 === 1
        ? { kind: 'status', status: 400, body: { message: `bad ${DISCORD_TOKEN}`, code: 50_035 } }
        : undefined,
    );
    world.proxy.setFaults(({ method }) =>
      method === 'PUT' ? { kind: 'status', status: 403, body } : undefined,
    );
    const refused = 'com.studio.planted.refused';
    const asked = gemini.requests().length;
    const job = await world.publish({ files: untold(filesOf(refused)) });
    expect(packageOf(job, refused)).toMatchObject({ reason: 'registry-forbidden', wordedByModel: false });
    expect(gemini.requests()).toHaveLength(asked + 1);

    world.github.setFault(() => ({ kind: 'status', status: 403, body: { message: ofGitHub } }));
    expect((await world.publish({ files: filesOf('com.studio.planted.unreached') })).status).toBe('failed');
    const options = { repository: world.slug };
    outcomes.push(await discord.command({ name: 'register', subcommand: 'add', options, user: operator }));

    world.proxy.setFaults(() => ({ kind: 'status', status: 401, body }));
    expect(await studio.run('./cli/doctor/doctor.ts')).toBe(1);
    // Clears GitHub's fault: an App would ask GitHub for a token before anything of the job is looked at.
    world.github.setFault(undefined);
    const { id } = await world.dispatch(world.push({ files: filesOf('com.studio.planted.parked') }));
    await world.process.waitFor((line) => line['kind'] === 'parked');
    await readEverything(id);
    for (const neighbour of [gemini, discord]) neighbour.setFault(undefined);
    world.proxy.clear();
    expect((await world.finished(id)).status).toBe('published');
    await expect.poll(() => studio.beats(), { timeout: 30_000 }).toBeGreaterThan(0);
  });

  it('see commands of an operator and of a stranger', async () => {
    const { discord } = studio;
    const stranger = discord.user({ name: 'Eve' });
    for (const user of [operator, stranger]) {
      for (const name of ['status', 'unpublished', 'publish']) {
        outcomes.push(await discord.command({ name, user }));
      }
      const options = { package: 'com.studio.planted.good' };
      outcomes.push(await discord.command({ name: 'changelog', options, user }));
    }
    expect(outcomes.length).toBeGreaterThan(8);
  });

  it('see every command of the console, a backup, and old rows of the audit trail leave for a file', async () => {
    const { world } = studio;
    const commit = world.tip(world.slug) ?? '';
    const since = new Date().toISOString();
    await studio.run('./cli/doctor/doctor.ts');
    expect(await studio.run('./cli/audit/audit.ts')).toBe(0);
    expect(await studio.run('./cli/audit/audit.ts', '--rows')).toBe(0);
    const list = ['--repositories-file', join(folder, 'repositories.json')];
    await studio.run('./cli/survey/survey.ts', ...list, '--out', join(folder, 'tmp', 'survey.html'));
    await studio.run('./cli/survey/survey.ts', ...list, '--format', 'json', '--out', '-');
    await studio.run('./cli/publish-once.ts', '--repository', world.slug, '--commit', commit, '--dry-run');
    for (const name of ['backup', 'audit-retention', 'status-sync']) {
      // Waits for a later run than the one at the start, which knew of no package yet.
      await world.process.waitFor(
        ({ msg, job, time }) => msg === 'scheduled job ended' && String(job) === name && String(time) > since,
      );
    }
  });

  it('see a kill while git hangs and while an upload hangs', async () => {
    const { world } = studio;
    const fetches = (): number =>
      studio.children.seen().filter(({ commandLine }) => commandLine.includes('git-remote')).length;
    const before = fetches();
    world.host.setFault({ kind: 'hang' });
    await world.dispatch(world.push({ files: filesOf('com.studio.planted.fetching') }));
    await expect.poll(fetches, { timeout: 30_000 }).toBeGreaterThan(before);
    world.process.kill('SIGKILL');
    world.host.setFault(undefined);
    const isPut = ({ method, path }: { method: string; path: string }): boolean =>
      method === 'PUT' && path.includes('planted.fetching');
    world.proxy.setFaults((request) => (isPut(request) ? { kind: 'hang' } : undefined));
    await studio.startAgain();
    await expect.poll(() => world.proxy.requests().some(isPut), { timeout: 30_000 }).toBe(true);
    world.process.kill('SIGKILL');
    world.proxy.clear();
    await studio.startAgain();
  });

  it('see an uncaught error with a token in its message', async () => {
    process.kill(studio.world.process.pid, 'SIGUSR2');
    await studio.startAgain();
    expect(studio.written()).toContain('no login with');
  });

  it('are in nothing that the processes wrote or answered', async () => {
    await readEverything('unknown');
    expect(found(studio.written())).toEqual([]);
    expect(found(answers.join('\n'))).toEqual([]);
    expect(found(JSON.stringify(outcomes))).toEqual([]);
    for (const thread of [undefined, studio.discord.monitoringThreadId]) {
      expect(found(JSON.stringify(studio.discord.messages(thread)))).toEqual([]);
    }
  });

  it('are in no file: not in the data, its backups and exports, nor in what was published or left in between', async () => {
    for (const place of ['data', 'backups', 'tmp', 'git', join('registry', 'storage')]) {
      expect(await findPlanted(join(folder, place), planted()), place).toEqual([]);
    }
  });

  it('are on no command line, and in the environment only of the programs that they are for', () => {
    const children = studio.children.seen();
    expect(children.some(({ commandLine }) => commandLine.startsWith('git '))).toBe(true);
    expect(children.some(({ commandLine }) => commandLine.includes('fake-signer'))).toBe(true);
    expect(leaksToChildren(children, found)).toEqual([]);
  });

  it('are sent to nobody but the neighbour that they are for, and there only as authorization', () => {
    expect(leaksToNeighbours(studio.taps, found)).toEqual([]);
    const downloads = studio.world.host.lfs.downloads();
    expect(downloads.length).toBeGreaterThan(0);
    expect(found(JSON.stringify(downloads))).toEqual([]);
  });

  it('would have been found: the same search finds text that may be there', async () => {
    const known = { name: 'com.studio.planted.good' };
    for (const [neighbour, tap] of Object.entries(studio.taps)) {
      const said = tap.overheard().map(({ credentials, rest }) => `${credentials} ${rest}`);
      const isThere = namesIn(Buffer.from(said.join('\n')), { ...known, ...planted() });
      expect(isThere.length, neighbour).toBeGreaterThan(0);
    }
    expect(namesIn(Buffer.from(studio.written()), known)).toEqual(['name']);
    for (const place of ['data', 'backups', 'tmp', join('registry', 'storage')]) {
      expect(await findPlanted(join(folder, place), known), place).not.toEqual([]);
    }
    expect(readRows(studio.world, 'select 1 from audit limit 1')).toHaveLength(1);
  });
});
