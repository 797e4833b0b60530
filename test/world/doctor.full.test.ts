import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { World } from '../../sandbox/world.ts';

const start = fileURLToPath(new URL('../../src/start.mjs', import.meta.url));
const strong = '0123456789abcdef0123456789abcdef';
let world: World;

beforeAll(async () => {
  world = await World.start({ discord: true });
  await world.process.waitFor(({ msg }) => msg === 'commands registered');
});

afterAll(async () => world.stop());

interface Told {
  readonly code: number;
  /** Its lines of output, without colours. */
  readonly text: string;
}

async function ask(env: Readonly<Record<string, string>> = {}): Promise<Told> {
  const all = { ...world.environment(), DISPATCH_SECRET: strong, GITHUB_WEBHOOK_SECRET: strong, ...env };
  return new Promise((resolve) => {
    const args = ['--disable-warning=ExperimentalWarning', start, './cli/doctor/doctor.ts'];
    const options = { env: { PATH: process.env['PATH'] ?? '', ...all } };
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      const text = `${stdout}${stderr}`;
      for (const secret of [world.gitToken, world.registry.token, strong, world.discord?.botToken ?? '-'])
        expect(text).not.toContain(secret);
      resolve({ code: error === null ? 0 : Number(error.code), text });
    });
  });
}

describe('the doctor', () => {
  it('finds all well in a studio that works, beside the running process', async () => {
    const { code, text } = await ask();
    expect(text).not.toContain('✗');
    expect(code).toBe(0);
    for (const line of [
      'in use by a running process; 1 active repositories',
      'takes our token',
      'agrees with the registry’s',
      'upm-publisher can write to',
      'all commands are registered',
      'studio/packages can be read',
      'GITHUB_WEBHOOK_SECRET is set and long enough',
    ])
      expect(text).toContain(line);
  });

  it.each([
    ['a registry token that is refused', { NPM_TOKEN: 'other' }, 'Renew NPM_TOKEN'],
    ['a git token that is refused', { GITHUB_TOKEN: 'other' }, 'Renew it; see “GitHub”'],
    ['a Discord token that is refused', { DISCORD_TOKEN: 'other' }, 'Renew DISCORD_TOKEN'],
    ['a secret that can be guessed', { DISPATCH_SECRET: 'secret' }, 'openssl rand'],
    ['a thread that is not there', { DISCORD_THREAD_ID: '100000000000000009' }, 'set another one'],
    ['a role that is not there', { DISCORD_OPERATOR_ROLE_IDS: '100000000000000009' }, 'has no role'],
    [
      'a repository that is not there',
      { GITHUB_SERVER_URL: 'http://127.0.0.1:9' },
      'Check GITHUB_SERVER_URL',
    ],
    ['a registry that is not there', { UPM_REGISTRY: 'http://127.0.0.1:9' }, 'Check UPM_REGISTRY'],
  ])('names %s and the remedy, and goes on', async (_, env, remedy) => {
    const { code, text } = await ask(env);
    expect(code).toBe(1);
    expect(text).toContain(remedy);
    const subjects = [...text.matchAll(/✗\S* (\w+)/g)].map(([, subject]) => subject);
    expect(new Set(subjects).size).toBeLessThanOrEqual(2);
    expect(text).toContain('✓');
  });

  it('refuses a registry of names with a scope as not supported, as the process does', async () => {
    const { code, text } = await ask({ UPM_REGISTRY: `${world.registry.url}@studio` });
    expect(code).toBe(1);
    expect(text).toContain('an address below an @scope is not supported');
  });

  it('warns of what the public registry of npm has announced', async () => {
    const { text } = await ask({
      UPM_REGISTRY: `https://registry${'.'}npmjs.org/`,
      HTTPS_PROXY: 'http://127.0.0.1:9',
    });
    expect(text).toContain('January 2027');
    expect(text).toContain('npm stage publish');
  });

  it('does not wait for neighbours that hang', async () => {
    const hanging = createServer(() => undefined);
    await once(hanging.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(hanging.address() as AddressInfo).port}`;
    const startedAt = performance.now();
    const { code, text } = await ask({
      UPM_REGISTRY: url,
      GITHUB_API_URL: url,
      GITHUB_SERVER_URL: url,
      DISCORD_API_URL: `${url}/api`,
      GEMINI_API_URL: url,
      GEMINI_API_KEY: 'a-key-of-the-sandbox',
    });
    hanging.closeAllConnections();
    hanging.close();
    expect(code).toBe(1);
    expect(performance.now() - startedAt).toBeLessThan(40_000);
    for (const subject of ['registry', 'github', 'discord', 'gemini', 'repository'])
      expect(text).toMatch(new RegExp(`✗ ${subject}`));
    expect(text).toContain('✓ database');
  });
});
