import type { AwaitedVersion, Finding } from '../../domain/job/report.ts';
import type { UnityManifest } from '../../domain/package/manifest.ts';
import type { PackRequest, StagingFolder } from '../../ports/packing.ts';
import type { VersionToIndex } from '../../ports/preflight.ts';
import { listAwaited } from '../holds/list-awaited.ts';
import type { PlannedPackage } from '../judge/judgement.ts';
import type { CommittedFile } from '../preflight/contents/package.ts';
import type { Run } from '../run/run.ts';
import { checkPackage } from './check-package.ts';
import type { BuildDeps } from './deps.ts';
import { findPolicy } from './find-policy.ts';
import { applyPolicy } from './finding-policy.ts';
import {
  explainObjects,
  type FetchedObjects,
  type PackedWithObjects,
  packWithObjects,
} from './pack-with-objects.ts';

/** A package in its folder, ready to be packed. */
export interface StagedPackage {
  readonly plan: PlannedPackage;
  readonly folder: StagingFolder;
  /** As rules are told of them, by their paths in the package. */
  readonly committed: readonly CommittedFile[];
  /** Files that `files` in package.json cannot know of, and that ship all the same. */
  readonly added: readonly string[];
  /** Files that ship whatever `files` and .npmignore say. */
  readonly ships: readonly string[];
  /** Set when what Git LFS holds was fetched before. */
  readonly objects?: FetchedObjects;
}

export interface CheckedTarball {
  readonly request: PackRequest;
  readonly packed: PackedWithObjects;
  /** As they count. */
  readonly findings: readonly Finding[];
  /** To be kept once it is on the registry. */
  readonly indexed: VersionToIndex;
  /** What it waits for, when nothing else stops it; empty otherwise. */
  readonly awaited: readonly AwaitedVersion[];
}

/** Staged files → a tarball of its own → findings on the packed list. Throws what packing and the rules' look-ups throw. */
export async function packAndCheck(
  deps: BuildDeps,
  run: Run,
  { plan, folder, committed, added, ships, objects }: StagedPackage,
): Promise<CheckedTarball> {
  const request = {
    folder: folder.folder,
    manifest: withAdditions(plan.manifest, added),
    outFile: deps.workspace.newTarballFile(),
    maxBytes: deps.limits.sizeMaxBytes,
    always: ships,
  };
  const packed = await packWithObjects(deps, run, folder, request, objects);
  const checked = await run.stage('preflight', plan.manifest.name, async () =>
    checkPackage(deps.check, run, { plan, committed, packed, folder }),
  );
  const found = explainObjects(checked.findings, packed.objects);
  const findings = applyPolicy(found, await findPolicy(deps.check, run, plan, checked.earlier));
  const awaited = listAwaited(findings, checked.awaited);
  return { request, packed, findings, indexed: checked.indexed, awaited };
}

/** For the list of what ships only: `files` was written before there was anything to add. */
function withAdditions(manifest: UnityManifest, added: readonly string[]): UnityManifest {
  const { files } = manifest.fields;
  if (!Array.isArray(files) || added.length === 0) return manifest;
  const listed = [...(files as readonly unknown[]), ...added.map((path) => `/${path}`)];
  return { ...manifest, fields: { ...manifest.fields, files: listed } };
}
