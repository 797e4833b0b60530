import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HeadPackage } from '../../src/domain/package/catalog.ts';
import type { CommitSha, Slug } from '../../src/domain/repository/repository.ts';
import type { Store } from '../../src/store/store.ts';
import { openTestStore } from '../store/test-store.ts';
import { type Ended, runCommand } from './command-line.ts';

const token = 'npm-token-of-this-test';
const registry = 'https://npm.studio.test/';
const tools = 'studio/tools' as Slug;
let folder: string;
let env: Record<string, string>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'repositories-'));
  env = { DATA_DIR: folder, UPM_REGISTRY: registry, NPM_TOKEN: token, PACKAGE_SCOPES: 'com.studio' };
  await withStore(async ({ repositories, catalog }) => {
    await repositories.addUnknown([
      { slug: tools, status: 'active' },
      { slug: 'studio/other' as Slug, status: 'active' },
    ]);
    const [, other] = await repositories.list();
    const head = { branch: 'main', commit: 'a'.repeat(40) as CommitSha };
    if (other !== undefined) await catalog.saveHead(other.id, head, [packageOf('com.studio.shared')]);
  });
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

function packageOf(name: string): HeadPackage {
  return { path: '', name, version: '1.0.0', manifestOid: 'b'.repeat(40), exclusion: undefined };
}

/** Opens the store as the process does, before or after the command. */
async function withStore<T>(look: (store: Store) => Promise<T>): Promise<T> {
  const store = await openTestStore(folder, { registry });
  try {
    return await look(store);
  } finally {
    await store.close();
  }
}

async function run(...args: readonly string[]): Promise<Ended> {
  return runCommand('repositories', { folder, env }, args);
}

async function findTools() {
  return withStore(async ({ repositories }) => repositories.findBySlug(tools));
}

describe('npm run repositories', () => {
  it('shows what is registered, and changes one by its name with an audit row', async () => {
    const shown = 'branches: the default branch; scopes: all; fixes: off\n';
    expect(await run()).toEqual({
      code: 0,
      text: `studio/tools: active, live; ${shown}studio/other: active, live; ${shown}`,
    });
    const settings = ['--status', 'disabled', '--mode', 'shadow', '--scopes', 'com.studio.a, com.studio.b'];
    const changed = await run('--repository', tools, '--branches', 'release/*', ...settings);
    expect(changed.code).toBe(0);
    expect(changed.text).toMatch(/^status: active → disabled$/m);
    const scopes = ['com.studio.a', 'com.studio.b'];
    const expected = { status: 'disabled', mode: 'shadow', branches: ['release/*'], scopes };
    expect(await findTools()).toMatchObject(expected);
    expect(await run('--repository', tools, '--branches=', '--scopes=')).toMatchObject({ code: 0 });
    expect(await findTools()).toMatchObject({ ...expected, branches: [], scopes: [] });
    const audit = await runCommand('audit', { folder, env }, ['--since', '1d', '--rows']);
    const rows = audit.text.split('\n').filter((line) => line.includes('"repository-changed"'));
    expect(rows.map((line) => JSON.parse(line) as object)).toMatchObject([
      { actor: 'repositories', subject: tools },
      { actor: 'repositories', subject: tools },
    ]);
  });

  it('gives a name to another repository, but only to a known one', async () => {
    const name = 'com.studio.shared';
    const given = await run('--repository', tools, '--owns', name);
    expect(given).toMatchObject({
      code: 0,
      text: expect.stringContaining(`owner of ${name}: nobody → ${tools}`),
    });
    expect(await withStore(async ({ ledger }) => ledger.findOwner(name))).toMatchObject({ slug: tools });
    expect(await run('--repository', tools, '--owns', 'com.studio.misspelt')).toMatchObject({
      code: 2,
      text: expect.stringContaining('nothing was changed'),
    });
  });

  it('changes nothing when part of the request is wrong, and says what', async () => {
    const wrong: readonly (readonly [args: readonly string[], text: string])[] = [
      [['--status', 'disabled'], '--repository is missing'],
      [['--repository', tools, '--status', 'off'], '--status must be pending or active or disabled'],
      [['--repository', 'studio/unknown', '--mode', 'shadow'], 'Registered are: studio/tools, studio/other'],
      [['--repository', tools, '--status', 'disabled', '--scopes', 'com.foreign'], 'within com.studio'],
    ];
    for (const [args, text] of wrong)
      expect(await run(...args)).toMatchObject({ code: 2, text: expect.stringContaining(text) });
    expect(await findTools()).toMatchObject({ status: 'active', mode: 'live' });
  });

  it('is refused while a process uses the data, needs none of its settings, and creates no database', async () => {
    const locked = await withStore(async () => run('--repository', tools, '--status', 'disabled'));
    expect(locked).toMatchObject({ code: 75, text: expect.stringContaining('stop it first') });
    expect(await findTools()).toMatchObject({ status: 'active' });
    const { UPM_REGISTRY: _, ...without } = env;
    expect(await runCommand('repositories', { folder, env: without }, [])).toMatchObject({ code: 78 });
    env['DATA_DIR'] = join(folder, 'elsewhere');
    expect(await run()).toMatchObject({ code: 2, text: expect.stringContaining('check DATA_DIR') });
    expect(await readdir(folder)).not.toContain('elsewhere');
  });
});

describe('npm run register-commands', () => {
  it('makes the bot register its commands again at the next start', async () => {
    const key = 'registered-commands';
    await withStore(async ({ botMemory }) => botMemory.remember(key, 'a hash'));
    expect(await runCommand('register-commands', { folder, env }, [])).toMatchObject({ code: 0 });
    expect(await withStore(async ({ botMemory }) => botMemory.find(key))).not.toBe('a hash');
    expect(await readdir(folder)).not.toContain('publisher.db-wal');
  });
});
