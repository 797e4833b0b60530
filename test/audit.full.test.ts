import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../src/store/store.ts';
import { openTestStore } from './store/test-store.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
let folder: string;
let store: Store;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audit-command-'));
  store = await openTestStore(folder);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

function start(args: readonly string[], extra: Readonly<Record<string, string>> = {}) {
  const env = { PATH: process.env['PATH'], DATA_DIR: folder, ...extra };
  const flags = ['--disable-warning=ExperimentalWarning', 'src/start.mjs', './cli/audit/audit.ts'];
  return spawn(process.execPath, [...flags, ...args], { cwd: root, env });
}

async function end(child: ChildProcessWithoutNullStreams) {
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code: code as number, stdout, stderr };
}

describe('npm run audit', () => {
  it('reads beside the process that uses the data, with no setting but the folder', async () => {
    await store.audit.append({ action: 'owner-set', actor: 'discord:7', subject: 'com.studio.a', facts: {} });
    const { code, stdout, stderr } = await end(start(['--rows']));
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({ action: 'owner-set', actor: 'discord:7' });
  });

  it('exits with 0 when its reader closes the pipe early', async () => {
    const raw = new Sqlite(join(folder, 'publisher.db'));
    const facts = JSON.stringify({ text: 'x'.repeat(1_000) });
    const insert = raw.prepare(
      "insert into audit (at, action, actor, subject, facts) values (?, 'x', 'x', 'x', ?)",
    );
    raw.transaction(() => {
      for (let row = 0; row < 20_000; row++) insert.run(Date.now(), facts);
    })();
    raw.close();
    const child = start(['--rows']);
    const closed = once(child, 'close');
    await once(child.stdout, 'data');
    child.stdout.destroy();
    expect(await text(child.stderr)).toBe('');
    expect(await closed).toEqual([0, null]);
  });

  it.each([
    [['--format', 'xml'], {}, 2, /--format must be json or csv/],
    [[], { DATA_DIR: '/nowhere/at/all' }, 2, /publisher\.db cannot be read: there is none/],
    [[], { PORT: 'many' }, 78, /PORT: found "many"/],
  ])('reports what is wrong: %j %j', async (args, env, wanted, problem) => {
    const { code, stdout, stderr } = await end(start(args, env));
    expect([code, stdout]).toEqual([wanted, '']);
    expect(stderr).toMatch(problem);
  });

  it('prints its help', async () => {
    const { code, stdout } = await end(start(['--help']));
    expect(code).toBe(0);
    expect(stdout).toContain('npm run --silent audit --');
  });
});
