import { type Failure, failure } from '../domain/failure.ts';
import { listBlocking } from '../domain/finding.ts';
import type { UnityManifest } from '../domain/manifest.ts';
import type { Finding } from '../domain/report.ts';
import type { Tarball } from '../domain/tarball.ts';
import type { Tree, TreeEntry } from '../domain/tree.ts';
import { filesUnder } from './candidates.ts';
import type { FileToAdd } from './changelog/changelog-file.ts';
import { findPolicy } from './find-policy.ts';
import { applyPolicy } from './finding-policy.ts';
import type { PlannedPackage } from './judge.ts';
import type { PipelineDeps, Run } from './pipeline.ts';
import { runPreflight } from './preflight/index.ts';

export type Built =
  | { readonly kind: 'built'; readonly tarball: Tarball; readonly findings: readonly Finding[] }
  | { readonly kind: 'refused'; readonly failure: Failure; readonly findings: readonly Finding[] };

const neverStaged = new Set(['.gitignore', '.npmrc', '.gitattributes', '.gitmodules']);

/** Staged files may unpack to more than the tarball; this much more at the most. */
const stagingFactor = 4;

/** Commit → staged regular files, with additions in place of committed ones → tarball → findings on the packed list. */
export async function buildTarball(
  deps: PipelineDeps,
  run: Run,
  tree: Tree,
  plan: PlannedPackage,
  additions: readonly FileToAdd[],
): Promise<Built> {
  const { path } = plan.candidate;
  const prefix = path === '' ? 0 : path.length + 1;
  const entries = filesUnder(tree, path).filter((entry) => isStaged(entry.path.slice(prefix)));
  const visible = entries.filter((entry) => !isInHiddenFolder(entry.path.slice(prefix)));
  const submodule = visible.find((entry) => entry.mode === '160000');
  if (submodule !== undefined) return refuseSubmodule(submodule.path);
  const links = listLinks(visible, prefix);
  const { name } = plan.manifest;
  const folder = await deps.workspace.createFolder();
  try {
    const files = entries
      .filter((entry) => entry.mode.startsWith('100'))
      .map((entry) => ({ oid: entry.oid, path: entry.path.slice(prefix) }))
      .filter((file) => !additions.some((added) => added.file === file.path));
    const maxBytes = deps.limits.sizeMaxBytes * stagingFactor;
    await run.stage('stage-files', name, async () => {
      const { repositoryId, slug } = run.job;
      await deps.source.stageFiles(repositoryId, slug, files, folder.folder, maxBytes, run.signal);
      for (const { file, content } of additions) await folder.write(file, content);
    });
    const manifest = withAdditions(plan.manifest, additions);
    const outFile = deps.workspace.newTarballFile();
    const request = { folder: folder.folder, manifest, outFile, maxBytes: deps.limits.sizeMaxBytes };
    const packed = await run.stage('pack', name, async () => deps.packer.pack(request, run.signal));
    const found = await run.stage('preflight', name, async () =>
      runPreflight({
        manifest: plan.manifest,
        entries: packed.entries,
        read: async (file) => folder.read(file),
        findSecrets: async (listed) => deps.secrets.scan(folder.folder, listed, run.signal),
      }),
    );
    const findings = applyPolicy([...links, ...found], await findPolicy(deps, run, plan));
    const blocking = listBlocking({ findings });
    if (blocking.length === 0) return { kind: 'built', tarball: packed.tarball, findings };
    await deps.workspace.removeTarball(packed.tarball);
    return { kind: 'refused', failure: blockedBy(blocking), findings };
  } finally {
    await folder.remove();
  }
}

function refuseSubmodule(path: string): Built {
  return { kind: 'refused', failure: failure('submodule-unavailable', { path }), findings: [] };
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

/** What stands there would not have been packed. */
function isInHiddenFolder(path: string): boolean {
  return path.split('/').some((part) => part.startsWith('.'));
}

/** Symbolic links are never followed, nor staged: what they stand for is missing from the package. */
function listLinks(entries: readonly TreeEntry[], prefix: number): readonly Finding[] {
  return entries
    .filter((entry) => entry.mode === '120000')
    .map((entry): Finding => {
      const path = entry.path.slice(prefix);
      const message = `${path} is a symbolic link; commit the file itself`;
      return { rule: 'path.symlink', severity: 'block', file: path, message };
    });
}

function blockedBy(findings: readonly Finding[]): Failure {
  const pointers = findings.filter((finding) => finding.rule === 'lfs.pointer');
  const [first] = findings;
  if (pointers.length === findings.length) {
    return failure('lfs-object-missing', { path: first?.file ?? '', count: pointers.length });
  }
  return failure('preflight-rejected', { count: findings.length, first: first?.message ?? '' });
}
