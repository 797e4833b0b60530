import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gitSync } from '../../../../sandbox/git-sync.ts';
import { type CommitOptions, commitFiles, unityPackage } from '../../../../sandbox/unity-repository.ts';
import { type ChangelogEntry, isOwnCommit } from '../../../../src/domain/changelog/changelog.ts';
import { insertEntry } from '../../../../src/domain/changelog/insert-entry.ts';
import { blankResult } from '../../../../src/domain/job/package-result.ts';
import type { PackageState } from '../../../../src/domain/job/report.ts';
import type { CommitSha } from '../../../../src/domain/repository/repository.ts';
import type { Clock } from '../../../../src/ports/clock.ts';
import { payOwed } from '../../../../src/publisher/changelog/write-back/write-back-loop.ts';
import type { Store } from '../../../../src/store/store.ts';
import { type GitWorld, never, slug, startGitWorld } from '../../../adapters/git-world.ts';
import { claimJob, dispatchOf } from '../../../store/queued-job.ts';
import { openTestStore } from '../../../store/test-store.ts';
import { type BareWriter, buildBareWriter } from '../bare-writer.ts';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const one = 'com.studio.one';
const two = 'com.studio.two';
const rolling = 'upm-publisher/changelogs';

let world: GitWorld;
let store: Store;
let writer: BareWriter;
let nowMs = Date.UTC(2026, 0, 1);
const clock: Clock = { now: () => nowMs, monotonic: () => nowMs, sleep: async () => undefined };

beforeEach(async () => {
  world = await startGitWorld();
  writer = buildBareWriter(world.bare);
  store = await openTestStore(world.root, { clock });
  await store.repositories.addUnknown([{ slug, status: 'active' }]);
  push({ message: 'Begin', files: { ...pack(one), ...pack(two) } });
});

afterEach(async () => {
  await store.close();
  await world.stop();
});

function push(options: CommitOptions): CommitSha {
  return world.commit(options);
}

function pack(name: string, version = '1.0.0') {
  return unityPackage(name, version, { folder: name });
}

function read(path: string, branch = 'main'): string {
  return `${gitSync(['-C', world.bare, 'show', `${branch}:${path}`])}\n`;
}

function entryOf(
  name: string,
  version: string,
  commit: CommitSha,
  extra: Partial<ChangelogEntry> = {},
): ChangelogEntry {
  const body = `### Added\n\n- What ${name} ${version} brings`;
  return {
    name,
    version,
    path: name,
    commit,
    branch: 'main',
    date: '2026-02-03',
    body,
    moved: [],
    wordedBy: 'commits',
    cited: [],
    ...extra,
  };
}

/** Does what the pipeline does around a publish: stores entries before it, ends the job after it. */
async function publish(
  commit: CommitSha,
  entries: readonly ChangelogEntry[],
  state: PackageState = 'published',
): Promise<string> {
  const repository = await store.repositories.findBySlug(slug);
  if (repository === undefined) throw new Error('the repository is not there');
  const { id } = await store.queue.accept(dispatchOf(repository.id, commit));
  const job = await claimJob(store.queue);
  await store.changelogs.save(job, entries);
  await store.jobLog.savePackages(
    job,
    entries.map((entry) => ({ ...blankResult(entry.name, entry.path, state), version: entry.version })),
  );
  await store.queue.finish(job, {
    status: 'published',
    failure: undefined,
    judgedBranch: 'main',
    announcement: undefined,
  });
  return id;
}

async function pay(): Promise<void> {
  const deps = { ...store, clock, logger: quiet, source: world.source(), writer, owed: store.writeBacks };
  await payOwed(deps, never);
}

async function raise(names: readonly string[], version: string): Promise<CommitSha> {
  return push({ message: `Raise to ${version}`, files: Object.assign({}, ...names.map(manifest(version))) });
}

function manifest(version: string) {
  return (name: string) => ({ [`${name}/package.json`]: pack(name, version)[`${name}/package.json`] ?? '' });
}

describe('what a publish owes to its repository', () => {
  it('is one commit of ours for all its packages, with the text of the tarball', async () => {
    const commit = await raise([one, two], '1.1.0');
    const committed = read(`${one}/CHANGELOG.md`);
    const entries = [one, two].map((name) => entryOf(name, '1.1.0', commit));
    await publish(commit, entries);
    await pay();
    const [log, ...older] = gitSync(['-C', world.bare, 'log', '--format=%an|%s', 'main']).split('\n');
    expect(log).toBe('upm-auto-publisher[bot]|docs: update changelogs for 2 packages [skip ci]');
    expect(older[0]).toContain('Raise to 1.1.0');
    const [author = '', subject = ''] = (log ?? '').split('|');
    expect(isOwnCommit({ author, subject })).toBe(true);
    const inTarball = insertEntry(committed, entries[0] ?? entryOf(one, '1.1.0', commit));
    expect(inTarball).toEqual({ kind: 'inserted', text: read(`${one}/CHANGELOG.md`) });
    expect(await store.writeBacks.listOwed()).toEqual([]);
  });

  it('is nothing a second time, and nothing for what was not published', async () => {
    const commit = await raise([one], '1.1.0');
    await publish(commit, [entryOf(one, '1.1.0', commit)], 'failed');
    expect(await store.writeBacks.listOwed()).toEqual([]);
    const next = await raise([one], '1.2.0');
    await publish(next, [entryOf(one, '1.2.0', next)]);
    await pay();
    const tip = gitSync(['-C', world.bare, 'rev-parse', 'main']);
    await pay();
    await store.writeBacks.listOwed();
    expect(gitSync(['-C', world.bare, 'rev-parse', 'main'])).toBe(tip);
    expect(writer.commits()).toHaveLength(1);
  });

  it('arrives although others push five times in between, and nothing of theirs is lost', async () => {
    const commit = await raise([one], '1.1.0');
    await publish(commit, [entryOf(one, '1.1.0', commit)]);
    let pushes = 0;
    writer.onCommit(() => {
      if (pushes >= 5) return;
      pushes++;
      const text = read(`${one}/CHANGELOG.md`).replace('# Changelog\n', `# Changelog\n\nPush ${pushes}\n`);
      push({ message: `Push ${pushes}`, files: { [`${one}/CHANGELOG.md`]: text, [`p${pushes}.txt`]: 'x' } });
    });
    await pay();
    expect(pushes).toBe(5);
    const text = read(`${one}/CHANGELOG.md`);
    expect(text.match(/Push \d/g)?.toSorted()).toEqual(['Push 1', 'Push 2', 'Push 3', 'Push 4', 'Push 5']);
    expect(text).toContain('## [1.1.0] - 2026-02-03\n\n### Added\n\n- What com.studio.one 1.1.0 brings\n');
    expect(read('p5.txt')).toBe('x\n');
    expect(await store.writeBacks.listOwed()).toEqual([]);
  });

  it('follows a package that was moved, and is given up for one that is gone', async () => {
    const commit = await raise([one, two], '1.1.0');
    await publish(commit, [entryOf(one, '1.1.0', commit), entryOf(two, '1.1.0', commit)]);
    const moved = unityPackage(one, '1.1.0', { folder: 'Elsewhere' });
    push({ message: 'Move', remove: [...Object.keys(pack(one)), ...Object.keys(pack(two))], files: moved });
    await pay();
    expect(read('Elsewhere/CHANGELOG.md')).toContain('- First line');
    expect(await store.writeBacks.listOwed()).toEqual([]);
  });

  it('waits while the git host is down, shown on the report and in the list, and is retried automatically', async () => {
    const commit = await raise([one], '1.1.0');
    const id = await publish(commit, [entryOf(one, '1.1.0', commit)]);
    writer.setDown(true);
    await pay();
    expect(await store.writeBacks.listOwed()).toMatchObject([{ slug, tries: 1, detail: 'HTTP 503' }]);
    const shown = (await store.jobLog.findReport(id))?.jobs[0]?.packages[0];
    expect(shown).toMatchObject({ outcome: 'published' });
    expect(shown?.warnings).toEqual([
      'Its changelog is not in the repository yet: HTTP 503; it is tried again by itself',
    ]);
    writer.setDown(false);
    await pay();
    expect(writer.commits()).toHaveLength(0);
    nowMs += 60_000;
    await pay();
    expect(writer.commits()).toHaveLength(1);
    expect((await store.jobLog.findReport(id))?.jobs[0]?.packages[0]?.warnings).toEqual([]);
  });

  it('waits for a person where we may not write, and never fails what was published', async () => {
    const commit = await raise([one], '1.1.0');
    await publish(commit, [entryOf(one, '1.1.0', commit)]);
    writer.refuse('the token may not write');
    await pay();
    expect(await store.writeBacks.listOwed()).toMatchObject([{ detail: 'the token may not write' }]);
  });
});

describe('a protected branch', () => {
  it('gets one pull request, which later entries join', async () => {
    writer.protect('main');
    const first = await raise([one], '1.1.0');
    await publish(first, [entryOf(one, '1.1.0', first)]);
    await pay();
    const second = await raise([two], '1.1.0');
    await publish(second, [entryOf(two, '1.1.0', second)]);
    await pay();
    expect(writer.pullRequests()).toMatchObject([{ number: 1, base: 'main', head: rolling, state: 'open' }]);
    expect(writer.pullRequests()[0]?.body).toContain(`- ${one} 1.1.0\n- ${two} 1.1.0`);
    expect(read(`${one}/CHANGELOG.md`, rolling)).toContain('## [1.1.0]');
    expect(read(`${two}/CHANGELOG.md`, rolling)).toContain('## [1.1.0]');
    expect(read(`${one}/CHANGELOG.md`)).not.toContain('## [1.1.0]');
    expect(await store.writeBacks.listOwed()).toHaveLength(2);
  });

  it('owes nothing any more once that is merged, and the next entry begins a new one', async () => {
    writer.protect('main');
    const first = await raise([one], '1.1.0');
    await publish(first, [entryOf(one, '1.1.0', first)]);
    await pay();
    writer.merge(1);
    const second = await raise([one], '1.2.0');
    await publish(second, [entryOf(one, '1.2.0', second)]);
    nowMs += 2 * 3_600_000;
    await pay();
    expect(writer.pullRequests()).toMatchObject([{ state: 'merged' }, { number: 2, state: 'open' }]);
    expect(await store.writeBacks.listOwed()).toMatchObject([
      { entry: { version: '1.2.0' }, pullRequest: 2 },
    ]);
    expect(read(`${one}/CHANGELOG.md`, rolling)).toMatch(/## \[1\.2\.0\][\s\S]+## \[1\.1\.0\]/);
  });

  it('is left alone when somebody closes the pull request', async () => {
    writer.protect('main');
    const first = await raise([one], '1.1.0');
    await publish(first, [entryOf(one, '1.1.0', first)]);
    await pay();
    writer.close(1);
    nowMs += 2 * 3_600_000;
    await pay();
    expect(writer.pullRequests()).toHaveLength(1);
    expect(await store.writeBacks.listOwed()).toEqual([]);
  });

  it('gets no more entries into a pull request in which somebody else wrote; people are told until it is closed', async () => {
    writer.protect('main');
    const first = await raise([one], '1.1.0');
    await publish(first, [entryOf(one, '1.1.0', first)]);
    await pay();
    const theirs = commitFiles(world.bare, { branch: rolling, files: { 'Editor/Extra.cs': '// theirs\n' } });
    const second = await raise([two], '1.1.0');
    await publish(second, [entryOf(two, '1.1.0', second)]);
    await pay();
    expect(gitSync(['-C', world.bare, 'rev-parse', rolling])).toBe(theirs);
    const waiting = await store.writeBacks.listOwed();
    expect(waiting.map(({ detail }) => detail)).toContainEqual(expect.stringContaining(theirs.slice(0, 7)));
    const told = await store.outbox.listDue(10);
    expect(told.map(({ announcement }) => announcement.kind)).toContain('repository-notice');
    writer.close(1);
    gitSync(['-C', world.bare, 'branch', '-D', rolling]);
    nowMs += 2 * 3_600_000;
    await pay();
    expect(writer.pullRequests()).toMatchObject([{ state: 'closed' }, { number: 2, state: 'open' }]);
    expect(read(`${two}/CHANGELOG.md`, rolling)).toContain('## [1.1.0]');
  });
});
