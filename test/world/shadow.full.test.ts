import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publishWithNpm } from '../../sandbox/plain-npm.ts';
import { type TreeFiles, unityPackage } from '../../sandbox/unity-repository.ts';
import { systemClock } from '../../src/adapters/system/system-clock.ts';
import type { Announcement } from '../../src/domain/announcement/announcement.ts';
import type { CommitSha, RepositoryId } from '../../src/domain/repository/repository.ts';
import type { ShadowFinding } from '../../src/domain/repository/shadow.ts';
import { compareTrials } from '../../src/publisher/watch/shadow/compare-trials.ts';
import { type Studio, startStudio } from '../publisher/operations/studio.ts';
import { dispatchOf } from '../store/queued-job.ts';

const slug = 'studio/packages';
const one = 1 as RepositoryId;
const names = ['com.studio.core', 'com.studio.ui', 'com.studio.net'] as const;
const rounds = 7;
const never = new AbortController().signal;
let studio: Studio;

beforeAll(async () => {
  studio = await startStudio();
  await studio.addRepository(slug, { mode: 'shadow' });
});

afterAll(async () => studio.stop());

function filesAt(round: number): TreeFiles {
  const packages = names.map((name) => unityPackage(name, `1.${round}.0`, { folder: name }));
  return Object.assign({}, ...packages) as TreeFiles;
}

async function judge(commit: CommitSha): Promise<void> {
  await studio.parts.store.queue.accept(dispatchOf(one, commit));
  await studio.runJobs();
}

/** Publishes with the old pipeline: npm itself, in a checkout of the package. */
async function publishElsewhere(
  files: TreeFiles,
  name: string,
  tag = 'latest',
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'old-pipeline-'));
  try {
    const own = Object.entries(files).filter(([path]) => path.startsWith(`${name}/`));
    const checkout = own.map(([path, content]) => [path.slice(name.length + 1), content] as const);
    for (const [path, content] of [...checkout, ...Object.entries(more)]) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content as string);
    }
    await publishWithNpm(folder, { ...studio.elsewhere, tag });
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function compare(laterMs = 0): Promise<readonly ShadowFinding[]> {
  const { catalog, comparisons, ledger, outbox, repositories, trial } = studio.parts.store;
  await compareTrials(
    {
      clock: { ...systemClock, now: () => systemClock.now() + laterMs },
      repositories,
      catalog,
      registry: studio.parts.registry,
      copies: studio.parts.registry,
      ledger,
      trial,
      comparisons,
      scopes: ['com.studio'],
      isShadow: false,
    },
    never,
  );
  const due = await outbox.listDue(100);
  for (const { id } of due) await outbox.markSent(id);
  const told = due.map(({ announcement }): Announcement => announcement);
  return told.flatMap((announcement) =>
    announcement.kind === 'shadow-compared' ? announcement.findings : [],
  );
}

function writes(): readonly string[] {
  const requests = studio.proxy.requests().filter(({ method }) => method !== 'GET');
  return requests.map(({ method, path }) => `${method} ${path}`);
}

describe('a week in shadow mode beside another pipeline', () => {
  it('compares every version, whichever pipeline is quicker, and names each difference; it sends and commits nothing', async () => {
    const findings: ShadowFinding[] = [];
    const heads: string[] = [];
    for (let round = 1; round <= rounds; round++) {
      const files = filesAt(round);
      const commit = studio.commit(slug, files);
      heads.push(commit);
      const [core, ui, net] = names;
      const oldPipeline = async () => {
        await publishElsewhere(files, core);
        await publishElsewhere(
          files,
          ui,
          round === 5 ? 'beta' : 'latest',
          round === 3 ? { '.env': 'x' } : {},
        );
        const change = round === 4 ? { 'CHANGELOG.md': '# Other words\n' } : {};
        await publishElsewhere(files, net, 'latest', change);
      };
      // The first look of a trial records what was there before it; from then on either may be quicker.
      if (round % 2 === 1) {
        await judge(commit);
        await oldPipeline();
      } else {
        await oldPipeline();
        await judge(commit);
      }
      findings.push(...(await compare()));
    }
    const compared = findings.filter((finding) => finding.kind === 'compared');
    expect(compared).toHaveLength(rounds * names.length);
    expect(findings).toHaveLength(compared.length);
    const differing = compared.filter(({ comparison }) => comparison.kind === 'different');
    expect(differing).toMatchObject([
      {
        name: 'com.studio.ui',
        version: '1.3.0',
        comparison: { differences: { onlyThere: { shown: ['.env'] } } },
      },
      {
        name: 'com.studio.net',
        version: '1.4.0',
        comparison: { differences: { changed: { shown: ['CHANGELOG.md'] } } },
      },
    ]);
    const retagged = compared.filter(({ ourTag, tags }) => !tags.includes(ourTag));
    expect(retagged.map(({ name, version }) => `${name}@${version}`)).toContain('com.studio.ui@1.5.0');
    expect(compared.filter(({ receivedAt }) => receivedAt === undefined)).toEqual([]);
    expect(writes()).toEqual([]);
    expect(studio.tip(slug)).toBe(heads.at(-1));
    expect(await studio.parts.store.writeBacks.listOwed()).toEqual([]);
    expect(await studio.operations.describeRepository(slug)).toMatchObject({
      trial: { compared: 21, differing: 2, waiting: 0, unexpected: 0 },
    });
  });

  it('says what the other pipeline has not published, and what only it did', async () => {
    const [core, ui] = names;
    const files = { ...filesAt(8), [`${core}/CHANGELOG.md`]: '# Changelog\n' };
    const commit = studio.commit(slug, files, 'main');
    await judge(commit);
    await publishElsewhere({ ...files, ...unityPackage(ui, '1.8.1', { folder: ui }) }, ui);
    await studio.operations.refreshDrift(slug, () => undefined, never);
    await compare();
    const later = await compare(49 * 3_600_000);
    expect(later.map(({ kind, name, version }) => `${kind} ${name}@${version}`).toSorted()).toContain(
      `overdue ${core}@1.8.0`,
    );
    expect(later).toContainEqual(expect.objectContaining({ kind: 'unexpected', name: ui, version: '1.8.1' }));
  });

  it('goes live with one change: the next bump is published by us, and nothing of the trial is', async () => {
    const [core] = names;
    const { operations, parts } = studio;
    expect(await operations.changeRepository(slug, { mode: 'live' }, 'discord:7')).toMatchObject({
      kind: 'changed',
    });
    studio.proxy.clear();
    const unrelated = studio.commit(slug, { [`${core}/Runtime/Example.cs`]: '// other\n' });
    await judge(unrelated);
    expect(writes()).toEqual([]);
    const bump = studio.commit(slug, { [`${core}/package.json`]: filesAt(9)[`${core}/package.json`] ?? '' });
    await judge(bump);
    expect(writes()).toEqual([expect.stringMatching(/^PUT \/com\.studio\.core/)]);
    const packument = await parts.registry.findPackument(core, never);
    expect(packument?.distTags['latest']).toBe('1.9.0');
    expect(packument?.versions.has('1.8.0')).toBe(false);
    const owed = await parts.store.writeBacks.listOwed();
    expect(owed.map(({ entry }) => `${entry.name}@${entry.version}`)).toEqual([`${core}@1.9.0`]);
    expect(await compare(100 * 3_600_000)).toEqual([]);
  });
});
