import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { list } from 'tar';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { meta as otherMeta, unityPackage } from '../../../sandbox/unity-repository.ts';
import { openDiskWorkspace } from '../../../src/adapters/packing/disk-workspace.ts';
import { buildPacker } from '../../../src/adapters/packing/packer.ts';
import { blankResult } from '../../../src/domain/job/package-result.ts';
import type { Finding } from '../../../src/domain/job/report.ts';
import { parseManifest } from '../../../src/domain/package/manifest.ts';
import type { FixMode } from '../../../src/domain/repository/repository.ts';
import type { Packer, Workspace } from '../../../src/ports/packing.ts';
import type { PreparedChangelog } from '../../../src/publisher/changelog/prepare-changelogs.ts';
import type { PlannedPackage } from '../../../src/publisher/judge/judgement.ts';
import { type Built, buildTarball } from '../../../src/publisher/package/build-tarball.ts';
import type { BuildDeps, PreparePackageDeps } from '../../../src/publisher/package/deps.ts';
import { preparePackage } from '../../../src/publisher/package/prepare-package.ts';
import { makeMeta } from '../../../src/publisher/preflight/contents/new-meta.ts';
import type { Run } from '../../../src/publisher/run/pipeline.ts';
import { silent } from '../../adapters/registry-fixtures.ts';

const name = 'com.studio.tool';
const script = 'Runtime/NoMeta.cs';
const meta = `${script}.meta`;

type Files = Readonly<Record<string, string>>;

let packer: Packer;
let folder: string;
let workspace: Workspace;

beforeAll(() => {
  packer = buildPacker({ threads: 1, timeoutMs: 20_000, memoryMb: 128, logger: silent });
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'staged-repair-'));
  // One folder only: code that staged anew without giving the first folder back would wait for ever.
  workspace = await openDiskWorkspace(folder, {
    foldersAtOnce: 1,
    maxTarballBytes: 1e9,
    now: () => 0,
    volume: { check: async () => undefined },
  });
});
afterEach(async () => rm(folder, { recursive: true, force: true }));
afterAll(async () => packer.stop());

interface Asked {
  readonly fixes?: FixMode;
  readonly levels?: Readonly<Record<string, string>>;
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** Makes a package that lacks a meta, from a commit that is held in memory. */
function prepare(flaws: Files = {}, { fixes = 'staging', levels = {}, fields = {} }: Asked = {}) {
  const files: Files = { ...packageOf(fields), [script]: 'class NoMeta {}\n', ...flaws };
  const parsed = parseManifest(Buffer.from(files['package.json'] ?? ''), 'package.json');
  if (parsed.kind !== 'unity') throw new Error('no Unity package');
  const repositories = { find: async () => ({ fixes, rules: levels }) };
  const limits = { scopes: ['com.studio'], sizeWarnBytes: 1e8, sizeMaxBytes: 1e9 };
  const build = {
    logger: silent,
    workspace,
    packer,
    source: {
      stageFiles: async (
        _id: number,
        _slug: string,
        wanted: readonly { readonly path: string }[],
        to: string,
      ) => {
        for (const { path } of wanted) {
          await mkdir(dirname(join(to, path)), { recursive: true });
          await writeFile(join(to, path), files[path] ?? '');
        }
      },
    },
    repositories,
    signing: { policy: 'off', signer: undefined },
    limits,
    check: {
      exceptions: { listAllowedSecrets: async () => new Set() },
      repositories,
      limits,
      secrets: { scan: async () => ({ found: [], cut: [], stoppedAt: undefined }) },
      index: { findOwners: async () => new Map(), findAssemblyOwners: async () => new Map() },
      registry: { url: 'https://npm.studio.test/', findPackument: async () => undefined },
    },
  } as unknown as BuildDeps;
  const deps = {
    build,
    exceptions: { findOverride: async () => undefined },
  } as unknown as PreparePackageDeps;
  const plan = {
    candidate: { path: '' },
    manifest: parsed.manifest,
    commit: {
      branch: 'main',
      siblings: new Map(),
      sources: {
        registry: { findPackument: async () => undefined },
        arriving: new Map(),
        isOurs: async () => true,
        wasPublished: async () => false,
      },
    },
    publishedBelow: [],
    publishedAbove: [],
    decision: { kind: 'publish', distTag: 'latest' },
    result: blankResult(name, '', 'not-attempted'),
  } as unknown as PlannedPackage;
  const run: Run = {
    job: {
      number: 1,
      repositoryId: 1,
      slug: 'studio/tool',
      scopes: [],
      mode: 'shadow',
    } as unknown as Run['job'],
    signal: new AbortController().signal,
    stage: async (_stage, _package, work) => work(),
  };
  const tree = Object.keys(files).map((path) => ({ path, mode: '100644' as const, oid: path }));
  return { deps, build, run, tree, plan };
}

async function build(flaws?: Files, asked?: Asked): Promise<Built> {
  const { build: deps, run, tree, plan } = prepare(flaws, asked);
  return buildTarball(deps, run, tree, plan, []);
}

function packageOf(fields: Readonly<Record<string, unknown>> = {}): Files {
  const files = unityPackage(name, '1.0.0', { manifest: fields });
  return Object.fromEntries(
    Object.entries(files).map(([path, content]) => [path, typeof content === 'string' ? content : '']),
  );
}

async function unpack(built: Built): Promise<ReadonlyMap<string, string>> {
  if (built.kind !== 'built') throw new Error(`refused: ${JSON.stringify(built.findings)}`);
  const contents = new Map<string, string>();
  const reading: Promise<void>[] = [];
  await list({
    file: built.tarball.file,
    onReadEntry: (entry) => {
      const path = entry.path.replace(/^package\//, '');
      reading.push(entry.concat().then((bytes) => void contents.set(path, bytes.toString())));
    },
  });
  await Promise.all(reading);
  return contents;
}

const countTarballs = async (): Promise<number> => (await readdir(join(folder, 'tarballs'))).length;

const ofMeta = (findings: readonly Finding[]) =>
  findings.filter(({ rule, file }) => rule === 'meta.missing' && file === script);

describe('a staged package that could be repaired without judgement', () => {
  it('is stopped while its repository has fixes off', async () => {
    const built = await build({}, { fixes: 'off' });
    expect(built).toMatchObject({ kind: 'refused', failure: { reason: 'preflight-rejected' } });
    expect(ofMeta(built.findings)).toMatchObject([{ severity: 'block' }]);
    expect(await countTarballs()).toBe(0);
  });

  it('is repaired as a proposed fix would, with a warning, and remembered as it was published', async () => {
    const built = await build();
    expect((await unpack(built)).get(meta)).toBe(makeMeta(name, script, false));
    expect(built).toMatchObject({ differing: [meta], warnings: [] });
    expect(ofMeta(built.findings)).toMatchObject([{ severity: 'warn', loweredBy: 'repair' }]);
    if (built.kind !== 'built') throw new Error('refused');
    expect(ofMeta(built.indexed.findings)).toEqual([]);
    expect([...built.indexed.guids].flat()).toContain(/guid: (.*)/.exec(makeMeta(name, script, false))?.[1]);
    expect(await countTarballs()).toBe(1);
  });

  it('has on its report the finding, and the file that the commit lacks', async () => {
    const { deps, run, tree, plan } = prepare();
    const changelog = { write: async () => [] } as unknown as PreparedChangelog;
    const prepared = await preparePackage(deps, run, tree, plan, changelog);
    if (prepared.kind !== 'packed') throw new Error('refused');
    const { result } = prepared;
    expect(result).toMatchObject({
      failure: undefined,
      additions: [meta],
      integrity: expect.stringMatching(/^sha512-/),
    });
    expect(ofMeta(result.findings)).toMatchObject([{ loweredBy: 'repair' }]);
  });

  it('comes to the same bytes each time', async () => {
    const [first, second] = [await build(), await build()];
    expect(first).toMatchObject({ tarball: { integrity: expect.stringMatching(/^sha512-/) } });
    if (first.kind !== 'built' || second.kind !== 'built') throw new Error('refused');
    expect(second.tarball.integrity).toBe(first.tarball.integrity);
  });

  it('ships the repair although `files` does not name it, and package.json stays as committed', async () => {
    const fields = { files: [...Object.keys(packageOf()), script] };
    const packed = await unpack(await build({}, { fields }));
    expect(packed.get(meta)).toBe(makeMeta(name, script, false));
    expect(packed.get('package.json')).toBe(packageOf(fields)['package.json']);
  });

  it('is stopped when the repair requires a change of package.json', async () => {
    const files = [...Object.keys(packageOf()), script];
    const built = await build({ [meta]: otherMeta('own') }, { fields: { files } });
    expect(built).toMatchObject({ kind: 'refused', failure: { reason: 'preflight-rejected' } });
    expect(ofMeta(built.findings)).toMatchObject([{ severity: 'block' }]);
  });

  it('is reported as committed when something else stops it', async () => {
    const conflict = '<<<<<<< HEAD\nclass A {}\n=======\nclass B {}\n>>>>>>> theirs\n';
    const built = await build({ 'Runtime/Torn.cs': conflict, 'Runtime/Torn.cs.meta': otherMeta('torn') });
    expect(built.kind).toBe('refused');
    expect(ofMeta(built.findings)).toMatchObject([{ severity: 'block' }]);
    expect(built.findings.filter(({ loweredBy }) => loweredBy !== undefined)).toEqual([]);
  });

  it.each([
    ['would not be packed', { '.npmignore': `${meta}\n` }],
    ['cannot be written', { [`${meta}/inner.txt`]: '', [`${meta}/inner.txt.meta`]: otherMeta('inner') }],
  ])('is stopped when its repair %s', async (_, flaws) => {
    const built = await build(flaws);
    expect(built.kind).toBe('refused');
    expect(ofMeta(built.findings)).toMatchObject([{ severity: 'block' }]);
    expect(await countTarballs()).toBe(0);
  });

  it('is published as committed when the finding only warns and its repair fails', async () => {
    const built = await build({ '.npmignore': `${meta}\n` }, { levels: { 'meta.missing': 'warn' } });
    expect((await unpack(built)).has(meta)).toBe(false);
    expect(built).toMatchObject({ differing: [], warnings: [] });
    expect(ofMeta(built.findings)).toMatchObject([{ severity: 'warn', loweredBy: 'repository' }]);
    expect(await countTarballs()).toBe(1);
  });

  it('can have files moved and deleted as well: samples that Unity would import are hidden, and the report says so', async () => {
    const samples = [{ displayName: 'Demo', description: 'Shows it', path: 'Samples~/Demo' }];
    const flaws = { 'Samples/Demo/Demo.cs': 'class Demo {}\n', 'Samples.meta': otherMeta('samples') };
    const built = await build(flaws, { fields: { samples } });
    const packed = [...(await unpack(built)).keys()];
    expect(packed.filter((path) => path.startsWith('Samples'))).toEqual(['Samples~/Demo/Demo.cs']);
    expect(built).toMatchObject({
      differing: expect.arrayContaining(['Samples~/Demo/Demo.cs', meta]),
      warnings: expect.arrayContaining([
        'Not in the tarball under its committed name: Samples/Demo/Demo.cs, Samples.meta',
      ]),
    });
  });
});
