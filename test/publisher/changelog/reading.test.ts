import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gitSync } from '../../../sandbox/git-sync.ts';
import { unityPackage } from '../../../sandbox/unity-repository.ts';
import { systemClock } from '../../../src/adapters/system/system-clock.ts';
import { type ChangelogEntry, unreleased } from '../../../src/domain/changelog/changelog.ts';
import { insertEntry } from '../../../src/domain/changelog/insert-entry.ts';
import { Outage } from '../../../src/domain/failure/failure.ts';
import type { Packument } from '../../../src/domain/package/packument.ts';
import type { CommitSha, RepositoryId } from '../../../src/domain/repository/repository.ts';
import type { ChangelogWording } from '../../../src/ports/wording.ts';
import { buildReadChangelog } from '../../../src/publisher/operations/read-changelog.ts';
import {
  buildRegenerateChangelog,
  type RegenerateDeps,
} from '../../../src/publisher/operations/regenerate-entry.ts';
import type { Store } from '../../../src/store/store.ts';
import { type GitWorld, never, slug, startGitWorld } from '../../adapters/git-world.ts';
import { claimJob, dispatchOf } from '../../store/queued-job.ts';
import { openTestStore } from '../../store/test-store.ts';
import { type BareWriter, buildBareWriter } from './bare-writer.ts';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const name = 'com.studio.core';

let world: GitWorld;
let store: Store;
let writer: BareWriter;
let repositoryId: RepositoryId;
let entry: ChangelogEntry;
let inTarball: string;
let isDown: boolean;
/** Published versions; undefined when nothing is published. */
let versions: Packument['versions'] | undefined;
let distTags: Packument['distTags'];

beforeEach(async () => {
  isDown = false;
  versions = new Map(['1.0.0', '1.1.0'].map((version) => [version, { version, integrity: undefined }]));
  distTags = {};
  world = await startGitWorld();
  writer = buildBareWriter(world.bare);
  store = await openTestStore(world.root);
  await store.repositories.addUnknown([{ slug, status: 'active' }]);
  repositoryId = (await store.repositories.findBySlug(slug))?.id ?? (0 as RepositoryId);
  await store.ledger.claimName(name, repositoryId, 'first-publish');
  await publishOneOne();
});

afterEach(async () => {
  await store.close();
  await world.stop();
});

function push(message: string, files: Readonly<Record<string, string>>): CommitSha {
  return world.commit({ message, files });
}

function manifest(version: string): Readonly<Record<string, string>> {
  const file = unityPackage(name, version, { folder: 'Core' })['Core/package.json'];
  return { 'Core/package.json': typeof file === 'string' ? file : '' };
}

/** Publishes 1.1.0 with open doors; its entry is stored and in the repository. */
async function publishOneOne(): Promise<void> {
  world.commit({ message: 'Begin', files: unityPackage(name, '1.0.0', { folder: 'Core' }) });
  push('Open doors', { 'Core/Runtime/Example.cs': '// doors\n' });
  const commit = push('Raise', manifest('1.1.0'));
  await store.queue.accept(dispatchOf(repositoryId, commit));
  const job = await claimJob(store.queue);
  entry = {
    name,
    version: '1.1.0',
    path: 'Core',
    commit,
    branch: 'main',
    date: '2026-02-03',
    body: '### Changed\n\n- The doors are open now',
    moved: [],
    wordedBy: 'model',
    cited: [],
  };
  await store.changelogs.save(job, [entry]);
  const before = gitSync(['-C', world.bare, 'show', 'main:Core/CHANGELOG.md']);
  const inserted = insertEntry(`${before}\n`, entry);
  inTarball = inserted.kind === 'inserted' ? inserted.text : '';
  push('docs: by hand', { 'Core/CHANGELOG.md': inTarball });
}

function deps(wording?: ChangelogWording): RegenerateDeps & Parameters<typeof buildReadChangelog>[0] {
  return {
    clock: systemClock,
    logger: quiet,
    source: world.source(),
    history: world.source(),
    ledger: store.ledger,
    repositories: store.repositories,
    entries: store.changelogs,
    owed: store.writeBacks,
    canWrite: true,
    isShadow: false,
    writer,
    wording,
    budgetMs: 5_000,
    gitServerUrl: 'https://git.test',
    redact: (text) => text,
    registry: {
      findPackument: async (asked) => {
        if (isDown) throw new Outage('registry', 'down', 'HTTP 503');
        if (asked !== name || versions === undefined) return undefined;
        return { name, versions, distTags, repositoryUrl: undefined };
      },
    },
    files: { findText: async (_name, version) => (version === '1.1.0' ? inTarball : undefined) },
    findHead: async () => writer.findHead(slug, 'main', never),
  };
}

describe('reading the changelog of a package', () => {
  it('returns what the tarball of a published version says, marked when a model worded it', async () => {
    expect(await buildReadChangelog(deps())(name, '1.1.0', never)).toEqual({
      kind: 'changelog',
      name,
      version: '1.1.0',
      markdown: entry.body,
      wordedByModel: true,
      entry: expect.any(Number),
    });
    expect(await buildReadChangelog(deps())(name, '1.0.0', never)).toMatchObject({
      markdown: 'This version has no entry in its changelog.',
      wordedByModel: false,
    });
  });

  it('returns that of the version which `latest` points to when no version is given, whatever was published since', async () => {
    distTags = { latest: '1.0.0' };
    const read = buildReadChangelog(deps());
    expect(await read(name, undefined, never)).toMatchObject({ version: '1.0.0' });
    distTags = { latest: '1.1.0' };
    expect(await read(name, undefined, never)).toMatchObject({ version: '1.1.0', markdown: entry.body });
    distTags = {};
    expect(await read(name, undefined, never)).toMatchObject({ version: '1.1.0' });
  });

  it('returns what waits for its first publish when no version is given and nothing is published', async () => {
    versions = undefined;
    const answer = await buildReadChangelog(deps())(name, undefined, never);
    expect(answer).toMatchObject({ kind: 'changelog', version: undefined });
    expect(answer).toEqual(await buildReadChangelog(deps())(name, unreleased, never));
  });

  it('returns what the head has and the registry lacks when “unreleased” is asked for', async () => {
    const read = buildReadChangelog(deps());
    expect(await read(name, unreleased, never)).toMatchObject({
      version: undefined,
      markdown: expect.stringContaining('No changes of the package since 1.1.0'),
    });
    push('Add windows', { 'Core/Runtime/Window.cs': '//\n' });
    expect(await read(name, unreleased, never)).toMatchObject({
      markdown: expect.stringMatching(/^### Added\n\n- Add windows \(\[[0-9a-f]{7}\]/),
      wordedByModel: false,
    });
  });

  it('names the closest version when there is no such one, and reports an outage as such', async () => {
    const read = buildReadChangelog(deps());
    expect(await read(name, '9.9.9', never)).toMatchObject({
      kind: 'not-found',
      what: 'version',
      closest: '1.1.0',
    });
    expect(await read('com.studio.none', '1.0.0', never)).toMatchObject({
      kind: 'not-found',
      what: 'package',
    });
    isDown = true;
    expect(await read(name, '1.1.0', never)).toMatchObject({
      kind: 'refused',
      failure: { reason: 'registry-unavailable' },
    });
  });
});

describe('rewording an entry', () => {
  const saying = (text: string): ChangelogWording => ({
    word: async (packages) => ({
      kind: 'worded',
      items: new Map(
        packages.map(({ id, changes }) => [
          id,
          [{ section: 'Changed', text, changes: changes.map(({ number }) => number) }],
        ]),
      ),
    }),
  });

  const by = 'discord:1';

  /** Rewords as the button does: by the number of the entry. */
  async function again(given: RegenerateDeps): ReturnType<ReturnType<typeof buildRegenerateChangelog>> {
    const stored = await store.changelogs.find(name, '1.1.0');
    return buildRegenerateChangelog(given)(stored?.id ?? 0, by, never);
  }

  it('rewrites it in the repository, stores it, and audits it, without changing anything else of the file', async () => {
    const done = await again(deps(saying('Doors can be opened')));
    expect(done).toMatchObject({
      kind: 'rewritten',
      repository: slug,
      commit: gitSync(['-C', world.bare, 'rev-parse', 'main']),
      changelog: { version: '1.1.0', wordedByModel: true, markdown: expect.stringContaining('Doors can') },
    });
    const text = `${gitSync(['-C', world.bare, 'show', 'main:Core/CHANGELOG.md'])}\n`;
    expect(text).toContain('### Changed\n\n- Doors can be opened ([');
    expect(text).toContain('- First line');
    expect(await store.changelogs.find(name, '1.1.0')).toMatchObject({
      wordedBy: 'model',
      body: expect.stringContaining('Doors can be opened'),
    });
    expect((await store.audit.list(1))[0]).toMatchObject({
      action: 'changelog-regenerated',
      actor: 'discord:1',
    });
  });

  it('changes nothing when somebody edited the entry, when the same words come out, and when the entry is unknown', async () => {
    const given = deps(saying('Doors can be opened'));
    expect(await buildRegenerateChangelog(given)(999, by, never)).toMatchObject({ kind: 'not-found' });
    push('Edit', { 'Core/CHANGELOG.md': inTarball.replace('open now', 'wide open') });
    expect(await again(given)).toEqual({ kind: 'edited' });
    push('Take it back', { 'Core/CHANGELOG.md': inTarball });
    await again(given);
    expect(await again(given)).toEqual({ kind: 'unchanged' });
    expect(writer.commits()).toHaveLength(1);
  });

  it('writes nothing where that is not permitted, and says what is in the way', async () => {
    const given = deps(saying('Doors can be opened'));
    expect(await again({ ...given, isShadow: true })).toMatchObject({ kind: 'not-written' });
    expect(await again({ ...given, canWrite: false })).toMatchObject({ kind: 'not-written' });
    writer.protect('main');
    expect(await again(given)).toEqual({ kind: 'not-written', detail: 'a review is required' });
    writer.setDown(true);
    expect(await again(given)).toMatchObject({
      kind: 'refused',
      failure: { reason: 'git-host-unavailable' },
    });
    expect(await store.changelogs.find(name, '1.1.0')).toMatchObject({ body: entry.body });
    expect(writer.commits()).toEqual([]);
  });
});
