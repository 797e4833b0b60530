import { renderFailure } from '../failure/failure.ts';
import type { PackageReport, PackageResult } from './report.ts';

/** Renders a stored result for display: the failure in words, everything absent as null. */
export function renderPackage(result: PackageResult): PackageReport {
  const shown = result.failure === undefined ? undefined : renderFailure(result.failure);
  return {
    name: result.name,
    version: orNull(result.version),
    previousVersion: orNull(result.previousVersion),
    path: result.path,
    outcome: result.state,
    reason: orNull(shown?.reason),
    title: orNull(shown?.title ?? result.note),
    remedy: orNull(shown?.remedy),
    distTag: orNull(result.distTag),
    integrity: orNull(result.integrity),
    tarballBytes: orNull(result.tarballBytes),
    findings: result.findings,
    changelog: orNull(result.changelog),
    wordedByModel: result.wordedByModel,
    additions: result.additions,
    warnings: result.warnings,
    ...(result.override === undefined ? {} : { override: result.override }),
  };
}

function orNull<T>(value: T | undefined): T | null {
  return value ?? null;
}

/** Adds a warning to the result of a package whose changelog has not reached its repository yet; `detail` says why. */
export function warnOfOwedChangelog(result: PackageResult, detail: string | undefined): PackageResult {
  if (detail === undefined) return result;
  const warning = `Its changelog is not in the repository yet: ${detail}; it is tried again by itself`;
  return { ...result, warnings: [...result.warnings, warning] };
}
