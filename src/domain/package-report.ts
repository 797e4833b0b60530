import { renderFailure } from './failure.ts';
import type { PackageReport, PackageResult } from './report.ts';

/** A stored result as it is shown: the failure rendered, everything absent as null. */
export function renderPackage(result: PackageResult): PackageReport {
  const shown = result.failure === undefined ? undefined : renderFailure(result.failure);
  return {
    name: result.name,
    version: result.version ?? null,
    previousVersion: result.previousVersion ?? null,
    path: result.path,
    outcome: result.state,
    reason: shown?.reason ?? null,
    title: shown?.title ?? result.note ?? null,
    remedy: shown?.remedy ?? null,
    distTag: result.distTag ?? null,
    integrity: result.integrity ?? null,
    tarballBytes: result.tarballBytes ?? null,
    findings: result.findings,
    changelog: result.changelog ?? null,
    warnings: result.warnings,
  };
}
