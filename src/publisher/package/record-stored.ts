import { Outage } from '../../domain/failure/failure.ts';
import type { PackageResult } from '../../domain/job/report.ts';
import { highestOf, isPrerelease } from '../../domain/package/version.ts';
import type { Intent } from '../../ports/catalog.ts';
import type { Run } from '../run/pipeline.ts';
import type { StoredVersion } from './confirm.ts';
import type { RecordDeps } from './deps.ts';

/** Records that the registry serves these bytes, and removes their tarball, which is no longer needed. */
export async function recordStored(
  deps: Pick<RecordDeps, 'ledger' | 'workspace'>,
  intent: Intent,
): Promise<void> {
  await deps.ledger.markIntent(intent.id, 'stored', intent.mayLandUntil);
  await deps.workspace.removeTarball(intent.tarball);
}

/** Sets the dist-tags of a stored version. The version is published, so trouble with tags is only a warning. */
export async function settleTags(
  deps: Pick<RecordDeps, 'registry'>,
  run: Run,
  { intent, packument }: StoredVersion,
  result: PackageResult,
): Promise<PackageResult> {
  const wanted = new Map<string, string>();
  if (packument.distTags[intent.distTag] !== intent.version) wanted.set(intent.distTag, intent.version);
  const highestStable = highestOf([...packument.versions.keys()].filter((version) => !isPrerelease(version)));
  const latest = packument.distTags['latest'];
  // Some registries move `latest` to every version that arrives.
  if (latest === intent.version && highestStable !== undefined && latest !== highestStable) {
    wanted.set('latest', highestStable);
  }
  const warnings: string[] = [];
  for (const [tag, version] of wanted) {
    try {
      await deps.registry.setDistTag(intent.name, tag, version, run.signal);
    } catch (error) {
      const why = error instanceof Outage ? error.detail : 'it failed';
      warnings.push(
        `dist-tag ${tag} could not be set to ${version} (${why}); run: npm dist-tag add ${intent.name}@${version} ${tag}`,
      );
    }
  }
  return { ...result, warnings: [...result.warnings, ...warnings] };
}
