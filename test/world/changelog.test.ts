import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Gemini, startGemini } from '../../sandbox/gemini.ts';
import { type TreeFiles, unityPackage } from '../../sandbox/unity-repository.ts';
import { type JobShown, World } from '../../sandbox/world.ts';
import { packageOf } from './report-reading.ts';
import { readRows } from './stored-rows.ts';
import { filesOf } from './tarballs.ts';

const core = 'com.studio.core';
const changelog =
  '# Changelog\n\n## [Unreleased]\n\n### Added\n\n- By hand\n\n## [1.0.0] - 2026-01-01\n\n- First line\n';
const token = `ghp_${'Zk7Q'.repeat(9)}`;

let world: World;

beforeAll(async () => {
  world = await World.start();
});

afterAll(async () => world.stop());

/** Installs this version with npm and returns what it contains. */
async function install(
  name: string,
): Promise<{ read(file: string): Promise<string>; remove(): Promise<void> }> {
  const prefix = await mkdtemp(join(tmpdir(), 'upm-changelog-'));
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--cache', join(prefix, 'cache')];
  await promisify(execFile)('npm', [
    'install',
    name,
    '--registry',
    world.registry.url,
    '--prefix',
    prefix,
    ...flags,
  ]);
  return {
    read: async (file) => readFile(join(prefix, 'node_modules', name, file), 'utf8'),
    remove: async () => rm(prefix, { recursive: true }),
  };
}

/** Returns a package as it is committed, without what the publisher adds. */
function without(files: TreeFiles, ...paths: readonly string[]): TreeFiles {
  return Object.fromEntries(Object.entries(files).filter(([path]) => !paths.includes(path)));
}

describe('a version with several commits', () => {
  let job: JobShown;

  beforeAll(async () => {
    await world.publish({ message: 'Begin', files: unityPackage(core, '1.0.0', { folder: 'Core' }) });
    world.push({ message: 'feat: open doors (#7)', files: { 'Core/Runtime/Example.cs': '// 1\n' } });
    world.push({ message: `Fix a leak of ${token}`, files: { 'Core/Runtime/Example.cs': '// 2\n' } });
    world.push({ message: 'By hand', files: { 'Core/CHANGELOG.md': changelog } });
    const files = unityPackage(core, '1.1.0', {
      folder: 'Core',
      manifest: { files: ['Runtime', 'Runtime.meta'] },
    });
    job = await world.publish({
      message: 'Ship less',
      files: { 'Core/package.json': files['Core/package.json'] ?? '' },
      remove: ['Core/CHANGELOG.md.meta'],
    });
  }, 120_000);

  it('is published with an entry for all of them, below what was written by hand', async () => {
    expect(packageOf(job, core)).toMatchObject({
      outcome: 'published',
      additions: ['CHANGELOG.md', 'CHANGELOG.md.meta'],
      wordedByModel: false,
      warnings: [],
    });
    const { changelog: body } = packageOf(job, core) as unknown as { changelog: string };
    expect(body).toMatch(
      /^### Added\n\n- By hand\n- Open doors \(\[#7\]\(.+\/studio\/packages\/pull\/7\), Ada Example\)/,
    );
    expect(body).toMatch(/\n\n### Changed\n\n- Ship less \(/);
    expect(body).toMatch(/\n\n### Fixed\n\n- Fix a leak of «redacted»/);
  });

  it('gives the changelog with its own version, and the meta, to everybody who installs it', async () => {
    const installed = await install(core);
    try {
      const text = await installed.read('CHANGELOG.md');
      expect(text).toMatch(
        /^# Changelog\n\n## \[Unreleased\]\n\n## \[1\.1\.0\] - 2026-09-21\n\n### Added\n\n- By hand\n/,
      );
      expect(text).toContain('\n\n## [1.0.0] - 2026-01-01\n\n- First line\n');
      expect(text).not.toContain(token);
      expect(await installed.read('CHANGELOG.md.meta')).toMatch(
        /^fileFormatVersion: 2\nguid: [0-9a-f]{32}\n/,
      );
    } finally {
      await installed.remove();
    }
  });

  it('has its entry stored, and written back to the repository', async () => {
    const sql =
      'select name, version, day, worded_by, state from changelog_entries join changelog_write_backs on entry = id';
    const paid = { name: core, version: '1.1.0', day: '2026-09-21', worded_by: 'commits', state: 'written' };
    await vi.waitFor(() => expect(readRows(world, sql)).toEqual([paid]), { timeout: 30_000 });
  });
});

describe('a version that a model may word', () => {
  let gemini: Gemini;
  let modelWorld: World;

  beforeAll(async () => {
    gemini = await startGemini();
    const env = {
      GEMINI_API_KEY: gemini.key,
      GEMINI_MODEL: gemini.model,
      GEMINI_API_URL: gemini.url,
      // A busy machine is not a slow model.
      CHANGELOG_BUDGET_SECONDS: '60',
      LOG_LEVEL: 'debug',
    };
    modelWorld = await World.start({ env });
    await modelWorld.publish({ message: 'Begin', files: batch('1.0.0') });
  }, 120_000);

  afterAll(async () => {
    await modelWorld.stop();
    await gemini.stop();
  });

  const names = ['com.studio.one', 'com.studio.two', 'com.studio.three'];

  function batch(version: string, line = ''): TreeFiles {
    const all = names.map((name) => unityPackage(name, version, { folder: name }));
    const changed = names.map((name) => ({ [`${name}/Runtime/Example.cs`]: `// ${line}\n` }));
    const files = Object.assign({}, ...all, ...(line === '' ? [] : changed)) as TreeFiles;
    // The changelog as it was first committed, without entries of later versions.
    return version === '1.0.0' ? files : without(files, ...names.map((name) => `${name}/CHANGELOG.md`));
  }

  it('is worded in one request for all packages of a dispatch, and says so', async () => {
    const before = gemini.requests().length;
    modelWorld.push({ message: `Shiny doors ${token}`, files: batch('1.0.0', 'doors') });
    const job = await modelWorld.publish({ message: 'Raise', files: batch('1.1.0', 'doors') });
    const asked = gemini.requests().slice(before);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.packages.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
    expect(asked[0]?.body).not.toContain(token.slice(0, 12));
    for (const name of names) {
      const shown = packageOf(job, name) as unknown as { changelog: string; wordedByModel: boolean };
      expect(shown).toMatchObject({ outcome: 'published', wordedByModel: true, warnings: [] });
      expect(shown.changelog).toContain('- You will notice: Shiny doors «redacted» (');
    }
  });

  it('is worded by rule when the model is too slow, within the budget, and published', async () => {
    gemini.setFault({ kind: 'hang' });
    modelWorld.process.kill('SIGTERM');
    await modelWorld.process.exited;
    modelWorld.process = await modelWorld.startProcess({ CHANGELOG_BUDGET_SECONDS: '1' });
    modelWorld.push({ message: 'Windows', files: batch('1.1.0', 'windows') });
    const job = await modelWorld.publish({ message: 'Raise', files: batch('1.2.0', 'windows') });
    for (const name of names) {
      expect(packageOf(job, name)).toMatchObject({
        outcome: 'published',
        wordedByModel: false,
        warnings: ['The changelog is worded by rule: the model did not answer within 1 s'],
      });
    }
    gemini.setFault(undefined);
    await modelWorld.restart('SIGTERM');
  });

  it('is not sent to the model again after a restart', async () => {
    modelWorld.push({ message: 'Roofs', files: batch('1.2.0', 'roofs') });
    const before = gemini.requests().length;
    const killed = modelWorld.process;
    const commit = modelWorld.push({ message: 'Raise', files: batch('1.3.0', 'roofs') });
    const accepted = await modelWorld.dispatch(commit);
    await killed.waitFor((line) => line.stage === 'stage-files' && line.job === accepted.job);
    await modelWorld.restart('SIGKILL');
    gemini.setAnswer(() => [{ section: 'Changed', text: 'Something else about Roofs', changes: [1] }]);
    const { id } = await modelWorld.dispatch(commit);
    const job = await modelWorld.finished(id);
    expect(gemini.requests()).toHaveLength(before + 1);
    for (const name of names) {
      const shown = packageOf(job, name) as unknown as { changelog: string };
      expect(shown).toMatchObject({ outcome: 'published', wordedByModel: true });
      expect(shown.changelog).toContain('You will notice: Roofs');
    }
  });
});

describe('a package with an unusual changelog', () => {
  it('whose changelog `files` leaves out ships it with its own meta all the same', async () => {
    const name = 'com.studio.listed';
    const fields = { files: ['Runtime', 'Runtime.meta'] };
    const job = await world.publish({
      files: unityPackage(name, '1.0.0', { folder: 'Listed', manifest: fields }),
    });
    const item = packageOf(job, name);
    expect(item).toMatchObject({ outcome: 'published', additions: ['CHANGELOG.md', 'CHANGELOG.md.meta'] });
    expect(await filesOf(world, name)).toEqual(expect.arrayContaining(['CHANGELOG.md', 'CHANGELOG.md.meta']));
    const said = item.findings
      .map(({ message }) => message)
      .filter((text) => text.startsWith('CHANGELOG.md '));
    expect(said).toEqual([
      'CHANGELOG.md is left out by "files" in package.json, and ships all the same; add it there',
    ]);
  });

  it('without a changelog gets one, as its first published version', async () => {
    const name = 'com.studio.bare';
    const files = without(
      unityPackage(name, '1.0.0', { folder: 'Bare' }),
      'Bare/CHANGELOG.md',
      'Bare/CHANGELOG.md.meta',
    );
    const job = await world.publish({ message: 'Add a bare package', files });
    expect(packageOf(job, name)).toMatchObject({ outcome: 'published', findings: [] });
    expect(await filesOf(world, name)).toEqual(expect.arrayContaining(['CHANGELOG.md', 'CHANGELOG.md.meta']));
    const { changelog: body } = packageOf(job, name) as unknown as { changelog: string };
    expect(body).toMatch(/^### Added\n\n- Add a bare package \(\[[0-9a-f]{7}\]/);
  });

  it('whose changelog is no text is published with it as it is, and a warning', async () => {
    const name = 'com.studio.binary';
    const files = unityPackage(name, '1.0.0', { folder: 'Binary' });
    const job = await world.publish({
      files: { ...files, 'Binary/CHANGELOG.md': Buffer.from([0xff, 0xfe, 0]) },
    });
    const shown = packageOf(job, name);
    expect(shown).toMatchObject({ outcome: 'published', additions: [] });
    expect(shown.warnings).toEqual(['CHANGELOG.md is not valid UTF-8; it was left as it is']);
  });

  it('whose changelog has its version already is packed as it was committed', async () => {
    const name = 'com.studio.told';
    const job = await world.publish({ files: unityPackage(name, '1.0.0', { folder: 'Told' }) });
    expect(packageOf(job, name)).toMatchObject({
      outcome: 'published',
      additions: [],
      changelog: '- First line',
    });
  });
});
