import type { AwaitedVersion, Finding } from '../../domain/job/report.ts';
import type { UnityManifest } from '../../domain/package/manifest.ts';
import type { PackRequest, StagingFolder } from '../../ports/packing.ts';
import type { VersionToIndex } from '../../ports/preflight.ts';
import { listAwaited } from '../holds/list-awaited.ts';
import type { PlannedPackage } from '../judge/judgement.ts';
import type { CommittedFile } from '../preflight/contents/package.ts';
import type { Run } from '../run/pipeline.ts';
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
  /** Committed files as the rules see them, by their paths in the package. */
  readonly committed: readonly CommittedFile[];
  /** Files that ship although `files` in package.json cannot name them. */
  readonly added: readonly string[];
  /** Files that ship whatever `files` and .npmignore say. */
  readonly ships: readonly string[];
  /** Set when the contents in Git LFS were fetched before. */
  readonly objects?: FetchedObjects;
}

export interface CheckedTarball {
  readonly request: PackRequest;
  readonly packed: PackedWithObjects;
  /** Findings with the severities that count. */
  readonly findings: readonly Finding[];
  /** Index entry to save once the version is on the registry. */
  readonly indexed: VersionToIndex;
  /** Versions that the package waits for when nothing else stops it; empty otherwise. */
  readonly awaited: readonly AwaitedVersion[];
}

/**
 * Packs the staged files into a new tarball, and checks the packed files. Throws what packing and the rules' look-ups
 * throw.
 */
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

/** Adds files to `files` for packing only: the author wrote `files` before there was anything to add. */
function withAdditions(manifest: UnityManifest, added: readonly string[]): UnityManifest {
  const { files } = manifest.fields;
  if (!Array.isArray(files) || added.length === 0) return manifest;
  const listed = [...(files as readonly unknown[]), ...added.map((path) => `/${path}`)];
  return { ...manifest, fields: { ...manifest.fields, files: listed } };
}
