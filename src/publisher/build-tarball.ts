import { type Failure, failure } from '../domain/failure.ts';
import { listBlocking } from '../domain/finding.ts';
import type { UnityManifest } from '../domain/manifest.ts';
import type { Finding } from '../domain/report.ts';
import { attestationFile } from '../domain/signing.ts';
import type { Tarball } from '../domain/tarball.ts';
import type { Tree, TreeEntry } from '../domain/tree.ts';
import type { IndexedVersion } from '../ports/guid-index.ts';
import type { PackRequest } from '../ports/packer.ts';
import type { StagingFolder } from '../ports/workspace.ts';
import { filesUnder } from './candidates.ts';
import type { FileToAdd } from './changelog/changelog-file.ts';
import { checkPackage } from './check-package.ts';
import { findPolicy } from './find-policy.ts';
import { applyPolicy } from './finding-policy.ts';
import type { PlannedPackage } from './judge.ts';
import { explainObjects, type PackedWithObjects, packWithObjects } from './pack-with-objects.ts';
import type { PipelineDeps, Run } from './pipeline.ts';
import { type Signed, signPacked } from './sign-packed.ts';

export type Built =
  | {
      readonly kind: 'built';
      readonly tarball: Tarball;
      readonly findings: readonly Finding[];
      /** Files that are pointers in the commit. */
      readonly fetched: readonly string[];
      /** To be kept once it is on the registry. */
      readonly indexed: IndexedVersion;
    }
  | { readonly kind: 'refused'; readonly failure: Failure; readonly findings: readonly Finding[] };

const neverStaged = new Set(['.gitignore', '.npmrc', '.gitattributes', '.gitmodules']);

/** Staged files may unpack to more than the tarball; this much more at the most. */
const stagingFactor = 4;
/** Of one package; more are refused as they are listed, before any content is asked for. */
const filesMax = 50_000;

/** Commit → staged regular files, with additions in place of committed ones → tarball → findings on the packed list. */
export async function buildTarball(
  deps: PipelineDeps,
  run: Run,
  tree: Tree,
  plan: PlannedPackage,
  additions: readonly FileToAdd[],
): Promise<Built> {
  const { path } = plan.candidate;
  const entries = listFiles(tree, path).filter((entry) => isStaged(entry.path));
  const submodule = findSubmodule(entries);
  if (submodule !== undefined) {
    const at = path === '' ? submodule.path : `${path}/${submodule.path}`;
    return { kind: 'refused', failure: failure('submodule-unavailable', { path: at }), findings: [] };
  }
  if (entries.length > filesMax) {
    const facts = { files: entries.length, limit: filesMax };
    return { kind: 'refused', failure: failure('too-many-files', facts), findings: [] };
  }
  const folder = await deps.workspace.createFolder(run.signal);
  try {
    await stage(deps, run, plan, entries, additions, folder);
    const manifest = withAdditions(plan.manifest, additions);
    const outFile = deps.workspace.newTarballFile();
    const request = { folder: folder.folder, manifest, outFile, maxBytes: deps.limits.sizeMaxBytes };
    const packed = await packWithObjects(deps, run, folder, request);
    const checked = await run.stage('preflight', plan.manifest.name, async () =>
      checkPackage(deps, run, { plan, committed: entries, packed, folder }),
    );
    const found = explainObjects(checked.findings, packed.objects);
    const findings = applyPolicy(found, await findPolicy(deps, run, plan, checked.earlier));
    return await finish(deps, run, request, packed, { findings, indexed: checked.indexed });
  } finally {
    await folder.remove();
  }
}

/** By their paths in the package. */
function listFiles(tree: Tree, path: string): readonly TreeEntry[] {
  const prefix = path === '' ? 0 : path.length + 1;
  return filesUnder(tree, path).map((entry) => ({ ...entry, path: entry.path.slice(prefix) }));
}

async function stage(
  deps: PipelineDeps,
  run: Run,
  { manifest }: PlannedPackage,
  entries: readonly TreeEntry[],
  additions: readonly FileToAdd[],
  folder: StagingFolder,
): Promise<void> {
  const files = entries
    .filter((entry) => entry.mode.startsWith('100') && entry.path !== attestationFile)
    .map(({ oid, path }) => ({ oid, path }))
    .filter((file) => !additions.some((added) => added.file === file.path));
  const maxBytes = deps.limits.sizeMaxBytes * stagingFactor;
  await run.stage('stage-files', manifest.name, async () => {
    const { repositoryId, slug } = run.job;
    await deps.source.stageFiles(repositoryId, slug, files, folder.folder, maxBytes, run.signal);
    for (const { file, content } of additions) await folder.write(file, content);
  });
}

/** Only what nothing blocks is signed. */
async function finish(
  deps: PipelineDeps,
  run: Run,
  request: PackRequest,
  packed: PackedWithObjects,
  { findings, indexed }: { readonly findings: readonly Finding[]; readonly indexed: IndexedVersion },
): Promise<Built> {
  const { fetched, missing } = packed.objects;
  const blocking = listBlocking({ findings });
  const signed: Signed =
    blocking.length === 0
      ? await signPacked(deps, run, request, packed)
      : { kind: 'refused', failure: blockedBy(blocking, missing) };
  if (signed.kind === 'refused') {
    await deps.workspace.removeTarball(packed.tarball);
    return { ...signed, findings };
  }
  return {
    kind: 'built',
    tarball: signed.tarball,
    findings: [...findings, ...signed.findings],
    fetched: fetched.map((file) => file.path),
    indexed,
  };
}

/** For the list of what ships only: `files` was written before there was anything to add. */
function withAdditions(manifest: UnityManifest, additions: readonly FileToAdd[]): UnityManifest {
  const { files } = manifest.fields;
  if (!Array.isArray(files) || additions.length === 0) return manifest;
  const added = additions.map(({ file }) => `/${file}`);
  return { ...manifest, fields: { ...manifest.fields, files: [...(files as readonly unknown[]), ...added] } };
}

function isStaged(path: string): boolean {
  const parts = path.split('/');
  return !parts.includes('node_modules') && !parts.includes('.git') && !neverStaged.has(parts.at(-1) ?? '');
}

/** Never followed; one in a hidden folder would not have been packed. */
function findSubmodule(entries: readonly TreeEntry[]): TreeEntry | undefined {
  return entries.find(
    (entry) => entry.mode === '160000' && !entry.path.split('/').some((part) => part.startsWith('.')),
  );
}

function blockedBy(findings: readonly Finding[], missing: ReadonlyMap<string, string>): Failure {
  const pointers = findings.filter((finding) => finding.rule === 'lfs.pointer');
  const [first] = findings;
  if (pointers.length === findings.length) {
    const path = first?.file ?? '';
    const why = missing.get(path) ?? 'the pointer cannot be read';
    return failure('lfs-object-missing', { path, count: pointers.length, why });
  }
  return failure('preflight-rejected', { count: findings.length, first: first?.message ?? '' });
}
