import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { meta, unityPackage } from '../../../../sandbox/unity-repository.ts';
import { failure, PublishError } from '../../../../src/domain/failure/failure.ts';
import type { Finding, PackageReport } from '../../../../src/domain/job/report.ts';
import type { CommitSha, Repository, Slug } from '../../../../src/domain/repository/repository.ts';
import type { CommitFilesRequest, CommitFilesResult, PullRequest } from '../../../../src/ports/github.ts';
import { makeMeta } from '../../../../src/publisher/preflight/contents/new-meta.ts';
import {
  buildFixProposer,
  type FixProposer,
  type ProposeDeps,
} from '../../../../src/publisher/preflight/repair/propose-fix.ts';
import type { Store } from '../../../../src/store/store.ts';
import { openTestStore } from '../../../store/test-store.ts';

const signal = new AbortController().signal;
const commit = 'a'.repeat(40) as CommitSha;
const name = 'com.studio.tool';
const branch = `upm-fix/${name}-aaaaaaa`;
const missing: Finding = {
  rule: 'meta.missing',
  severity: 'block',
  file: 'Runtime/New.cs',
  message: 'no meta',
};

let folder: string;
let store: Store;
let repository: Repository;
let host: Host;
let proposer: FixProposer;

/** A git host in memory: branches, our commits and pull requests. */
interface Host {
  readonly branches: Map<string, CommitSha>;
  readonly commits: CommitFilesRequest[];
  readonly pulls: (PullRequest & { readonly base: string; readonly body: string })[];
  answer: CommitFilesResult;
  refusesBranches: boolean;
}

function buildWriter(): ProposeDeps['writer'] {
  return {
    findHead: async (_slug, at) => host.branches.get(at),
    setBranch: async (slug, at, to) => {
      if (host.refusesBranches) throw new PublishError(failure('repository-forbidden', { repository: slug }));
      host.branches.set(at, to);
    },
    commitFiles: async (request) => {
      host.commits.push(request);
      if (host.answer.kind === 'committed') host.branches.set(request.branch, host.answer.commit);
      return host.answer;
    },
    openPullRequest: async ({ base, body }) => {
      const [open] = host.pulls;
      if (open !== undefined) return open;
      const pull = { number: 7, url: 'https://git.test/pull/7', state: 'open', base, body } as const;
      host.pulls.push(pull);
      return pull;
    },
    findPullRequest: async (_slug, number) => host.pulls.find((pull) => pull.number === number),
  };
}

function buildSource(files: Readonly<Record<string, unknown>>): ProposeDeps['source'] {
  const located = { isDefaultBranch: false, committedAtMs: 0, author: '', subject: '' };
  return {
    locate: async () => ({ branch: 'release/1', ...located }),
    listTree: async () => Object.keys(files).map((path) => ({ path, mode: '100644', oid: path })),
    listCommits: async () => ({ commits: [], isComplete: true }),
    readBlobs: async (_id, _slug, oids) => new Map(oids.map((oid) => [oid, Buffer.from(String(files[oid]))])),
    eachBlob: async (_id, _slug, oids, _limits, take) => {
      for (const oid of oids) take(oid, Buffer.from(String(files[oid])));
    },
  };
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'propose-'));
  store = await openTestStore(folder);
  await store.repositories.addUnknown([{ slug: 'studio/packages' as Slug, status: 'active' }]);
  const [found] = await store.repositories.list();
  if (found === undefined) throw new Error('the repository was not added');
  repository = found;
  const answer = { kind: 'committed', commit: 'b'.repeat(40) as CommitSha } as const;
  host = { branches: new Map(), commits: [], pulls: [], answer, refusesBranches: false };
  const files = { ...unityPackage(name, '1.0.0', { folder: 'Tool' }), 'Tool/Runtime/New.cs': '//' };
  proposer = buildFixProposer({
    source: buildSource({ ...files, 'Tool/Runtime/Bom.cs.meta': `\uFEFF${meta('bom')}` }),
    writer: buildWriter(),
    proposals: store.fixProposals,
    ownBranches: store.ownBranches,
    audit: store.audit,
    outbox: store.outbox,
  });
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

async function propose(findings: readonly Finding[] = [missing]) {
  const item = { name, version: '1.0.0', path: 'Tool', findings } as unknown as PackageReport;
  const request = { repository, commit, packages: [item], job: 1, requestedBy: 'discord:1' };
  return proposer.propose(request, signal);
}

describe('a proposed fix', () => {
  it('is one commit on top of the judged one, against its branch, with exactly the repair', async () => {
    const bom: Finding = { rule: 'meta.bom', severity: 'warn', file: 'Runtime/Bom.cs.meta', message: '' };
    expect(await propose([missing, bom])).toMatchObject([{ kind: 'proposed', name, isNew: true }]);
    expect(host.commits).toHaveLength(1);
    expect(host.commits[0]).toMatchObject({ branch, expectedHead: commit });
    const files = host.commits[0]?.files.map(({ path, content }) => [
      path,
      Buffer.from(content ?? '').toString(),
    ]);
    expect(files).toEqual([
      ['Tool/Runtime/Bom.cs.meta', meta('bom')],
      ['Tool/Runtime/New.cs.meta', makeMeta(name, 'Runtime/New.cs', false)],
    ]);
    expect(host.pulls[0]?.base).toBe('release/1');
    expect(host.pulls[0]?.body).toMatch(/`meta\.missing`[\s\S]+- `Runtime\/New\.cs\.meta`/);
  });

  it('is the same one for two people who ask at once, and for everybody later', async () => {
    const both = await Promise.all([propose(), propose()]);
    expect(both.map(([item]) => item?.kind === 'proposed' && item.isNew)).toEqual([true, false]);
    expect(host.commits).toHaveLength(1);
    expect(host.pulls).toHaveLength(1);
  });

  it('is completed after a crash that left only its branch', async () => {
    host.branches.set(branch, commit);
    expect(await propose()).toMatchObject([{ kind: 'proposed', pullRequest: { number: 7 } }]);
    expect(host.commits).toHaveLength(1);
  });

  it('is completed after a crash that left the repair committed', async () => {
    await store.ownBranches.begin(repository.id, branch, commit);
    await store.ownBranches.wrote(repository.id, branch, 'b'.repeat(40) as CommitSha);
    host.branches.set(branch, 'b'.repeat(40) as CommitSha);
    expect(await propose()).toMatchObject([{ kind: 'proposed', pullRequest: { number: 7 } }]);
    expect(host.commits).toEqual([]);
  });

  it('uses no branch of its name that somebody else made, and tells people', async () => {
    host.branches.set(branch, 'e'.repeat(40) as CommitSha);
    expect(await propose()).toMatchObject([
      { kind: 'refused', detail: expect.stringMatching(/did not write \(eeeeeee\).+delete the branch/) },
    ]);
    expect([host.commits, host.pulls]).toEqual([[], []]);
    const [told] = await store.outbox.listDue(10);
    expect(told?.announcement).toMatchObject({ kind: 'repository-notice', repository: 'studio/packages' });
  });

  it('is not presented as ours after somebody added to it', async () => {
    await propose();
    host.branches.set(branch, 'e'.repeat(40) as CommitSha);
    expect(await propose()).toMatchObject([{ kind: 'refused', detail: expect.stringContaining('eeeeeee') }]);
  });

  it('that was merged is reported as merged, and not made again', async () => {
    await propose();
    const [pull] = host.pulls;
    if (pull !== undefined) host.pulls[0] = { ...pull, state: 'merged' };
    expect(await propose()).toMatchObject([
      { kind: 'proposed', isNew: false, pullRequest: { state: 'merged' } },
    ]);
    expect(host.commits).toHaveLength(1);
  });

  it('is not made where only a person can decide', async () => {
    expect(await propose([{ rule: 'guid.churn', severity: 'block', message: '' }])).toEqual([]);
    expect(host.branches.size).toBe(0);
  });

  it('that the git host refuses is reported in sentences, and can be asked for again', async () => {
    host.refusesBranches = true;
    const [refused] = await propose();
    expect(refused).toMatchObject({ kind: 'refused', detail: expect.stringMatching(/^.{10,}\. .{10,}\.$/) });
    host.refusesBranches = false;
    host.answer = { kind: 'refused', detail: 'no write access' };
    expect(await propose()).toMatchObject([
      { kind: 'refused', detail: expect.stringMatching(/no write access\. Let the publisher write/) },
    ]);
    host.answer = { kind: 'committed', commit: 'c'.repeat(40) as CommitSha };
    expect(await propose()).toMatchObject([{ kind: 'proposed', isNew: true }]);
  });
});
