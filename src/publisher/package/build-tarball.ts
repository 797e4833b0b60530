import { type Failure, failure } from '../../domain/failure/failure.ts';
import type { AwaitedVersion, Finding } from '../../domain/job/report.ts';
import { listBlocking } from '../../domain/package/finding.ts';
import { attestationFile } from '../../domain/package/signing.ts';
import type { Tarball } from '../../domain/package/tarball.ts';
import type { Tree, TreeEntry } from '../../domain/package/tree.ts';
import type { StagingFolder } from '../../ports/packing.ts';
import type { VersionToIndex } from '../../ports/preflight.ts';
import type { FileToAdd } from '../changelog/changelog-file.ts';
import { filesUnder } from '../commit/candidates.ts';
import type { PlannedPackage } from '../judge/judgement.ts';
import type { Run } from '../run/pipeline.ts';
import type { BuildDeps } from './deps.ts';
import { type CheckedTarball, packAndCheck } from './pack-and-check.ts';
import { nothingRepaired, repairStaged, type Told } from './repair-staged.ts';
import { type Signed, signPacked } from './sign-packed.ts';

export type Built =
  | {
      readonly kind: 'built';
      readonly tarball: Tarball;
      readonly findings: readonly Finding[];
      /**
       * Files that differ from the commit besides the additions: resolved Git LFS pointers, repaired files, and files
       * that the commit's own rules would have left out.
       */
      readonly differing: readonly string[];
      /** Sentences about files that a repair removed or renamed. */
      readonly warnings: readonly string[];
      /** Index entry to save once the version is on the registry. */
      readonly indexed: VersionToIndex;
    }
  | {
      readonly kind: 'refused';
      readonly failure: Failure;
      readonly findings: readonly Finding[];
      /** Versions that the package waits for when nothing else stops it. */
      readonly awaited?: readonly AwaitedVersion[];
    };

const neverStaged = new Set(['.gitignore', '.npmrc', '.gitattributes', '.gitmodules']);

/** Staged files may unpack to at most this many times the maximum tarball size. */
const stagingFactor = 4;
/** Most files of one package; a package with more is refused before any content is requested. */
const filesMax = 50_000;

/**
 * Stages regular files of the commit, with the additions in place of committed ones, packs them, and checks the
 * packed files.
 */
export async function buildTarball(
  deps: BuildDeps,
  run: Run,
  tree: Tree,
  plan: PlannedPackage,
  additions: readonly FileToAdd[],
  ships: readonly string[] = [],
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
  return buildFrom(deps, run, { plan, entries, additions, ships }, true);
}

interface ToBuild {
  readonly plan: PlannedPackage;
  /** Committed files by their paths in the package. */
  readonly entries: readonly TreeEntry[];
  readonly additions: readonly FileToAdd[];
  readonly ships: readonly string[];
}

async function buildFrom(
  deps: BuildDeps,
  run: Run,
  { plan, entries, additions, ships }: ToBuild,
  mayRepair: boolean,
): Promise<Built> {
  const folder = await deps.workspace.createFolder(run.signal);
  try {
    await stage(deps, run, plan, entries, additions, folder);
    const added = additions.map(({ file }) => file);
    const staged = { plan, folder, committed: entries, added, ships: [...new Set([...ships, ...added])] };
    const checked = await packAndCheck(deps, run, staged);
    const repair = mayRepair ? await repairStaged(deps, run, staged, checked) : nothingRepaired;
    if (repair.kind === 'repaired') return await finish(deps, run, repair.checked, repair);
    if (repair.kind === 'nothing' || listBlocking(checked).length > 0)
      return await finish(deps, run, checked);
    await deps.workspace.removeTarball(checked.packed.tarball);
  } finally {
    await folder.remove();
  }
  // The repair failed, so the staged files are no longer those that were checked: build again without a repair.
  return buildFrom(deps, run, { plan, entries, additions, ships }, false);
}

/** Lists the package's files by their paths in the package. */
function listFiles(tree: Tree, path: string): readonly TreeEntry[] {
  const prefix = path === '' ? 0 : path.length + 1;
  return filesUnder(tree, path).map((entry) => ({ ...entry, path: entry.path.slice(prefix) }));
}

async function stage(
  deps: BuildDeps,
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

/** Signs the tarball only if no finding blocks it. */
async function finish(
  deps: BuildDeps,
  run: Run,
  { request, packed, findings, indexed, awaited }: CheckedTarball,
  { repaired, warnings }: Told = { repaired: [], warnings: [] },
): Promise<Built> {
  const { fetched, missing } = packed.objects;
  const blocking = listBlocking({ findings });
  const signed: Signed =
    blocking.length === 0
      ? await signPacked(deps, run, request, packed)
      : { kind: 'refused', failure: blockedBy(blocking, missing) };
  if (signed.kind === 'refused') {
    await deps.workspace.removeTarball(packed.tarball);
    return { ...signed, findings, awaited };
  }
  const ships = new Set(packed.entries.map(({ path }) => path));
  const differing = new Set([...fetched.map(({ path }) => path), ...repaired, ...packed.besides]);
  return {
    kind: 'built',
    tarball: signed.tarball,
    findings: [...findings, ...signed.findings],
    differing: [...differing].filter((path) => ships.has(path)),
    warnings,
    indexed,
  };
}

function isStaged(path: string): boolean {
  const parts = path.split('/');
  return !parts.includes('node_modules') && !parts.includes('.git') && !neverStaged.has(parts.at(-1) ?? '');
}

/** Submodules are never followed. A submodule in a hidden folder would not have been packed anyway. */
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
