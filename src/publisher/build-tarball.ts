import { type Failure, failure } from '../domain/failure.ts';
import { listBlocking } from '../domain/finding.ts';
import type { UnityManifest } from '../domain/manifest.ts';
import type { Finding } from '../domain/report.ts';
import type { Tarball } from '../domain/tarball.ts';
import type { Tree } from '../domain/tree.ts';
import type { IndexedVersion } from '../ports/guid-index.ts';
import { filesUnder } from './candidates.ts';
import type { FileToAdd } from './changelog/changelog-file.ts';
import { checkPackage } from './check-package.ts';
import { findPolicy } from './find-policy.ts';
import { applyPolicy } from './finding-policy.ts';
import type { PlannedPackage } from './judge.ts';
import type { CommittedFile } from './packed/package.ts';
import type { PipelineDeps, Run } from './pipeline.ts';

export type Built =
  | {
      readonly kind: 'built';
      readonly tarball: Tarball;
      readonly findings: readonly Finding[];
      /** To be kept once it is on the registry. */
      readonly indexed: IndexedVersion;
    }
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
  const entries = filesUnder(tree, path)
    .map((entry) => ({ ...entry, path: entry.path.slice(prefix) }))
    .filter((entry) => isStaged(entry.path));
  const submodule = findSubmodule(entries);
  if (submodule !== undefined) {
    const at = path === '' ? submodule.path : `${path}/${submodule.path}`;
    return { kind: 'refused', failure: failure('submodule-unavailable', { path: at }), findings: [] };
  }
  const { name } = plan.manifest;
  const folder = await deps.workspace.createFolder();
  try {
    const files = entries
      .filter((entry) => entry.mode.startsWith('100'))
      .map(({ oid, path: file }) => ({ oid, path: file }))
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
    const { found, earlier, indexed } = await run.stage('preflight', name, async () =>
      checkPackage(deps, run, {
        plan,
        committed: entries,
        packed,
        read: async (file) => folder.read(file),
        findSecrets: async (listed) => deps.secrets.scan(folder.folder, listed, run.signal),
      }),
    );
    const findings = applyPolicy(found, await findPolicy(deps, run, plan, earlier));
    const blocking = listBlocking({ findings });
    if (blocking.length === 0) return { kind: 'built', tarball: packed.tarball, findings, indexed };
    await deps.workspace.removeTarball(packed.tarball);
    return { kind: 'refused', failure: blockedBy(blocking), findings };
  } finally {
    await folder.remove();
  }
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
function findSubmodule(entries: readonly CommittedFile[]): CommittedFile | undefined {
  return entries.find(
    (entry) => entry.mode === '160000' && !entry.path.split('/').some((part) => part.startsWith('.')),
  );
}

function blockedBy(findings: readonly Finding[]): Failure {
  const pointers = findings.filter((finding) => finding.rule === 'lfs.pointer');
  const [first] = findings;
  if (pointers.length === findings.length) {
    return failure('lfs-object-missing', { path: first?.file ?? '', count: pointers.length });
  }
  return failure('preflight-rejected', { count: findings.length, first: first?.message ?? '' });
}
